package io.minikv.engine.commit;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.engine.compression.Compressor;
import io.minikv.engine.format.EncodedFrame;
import java.util.function.ToLongFunction;

/**
 * What callers do with their writes on their own threads, before any lock is taken.
 *
 * @param hash tells the hash of a key
 * @param compressor decides how values are stored
 */
public record WriteEncoding(ToLongFunction<Key> hash, Compressor compressor) {

  /** The record of a mutation; {@code continues} when the next one belongs to the same batch. */
  EncodedFrame encode(Mutation mutation, boolean continues) {
    return switch (mutation) {
      case Mutation.Put put -> EncodedFrame.of(put, compressor.store(put.value()), continues);
      case Mutation.Delete _ -> EncodedFrame.of(mutation, continues);
    };
  }
}
