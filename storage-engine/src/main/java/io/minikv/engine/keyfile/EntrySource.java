package io.minikv.engine.keyfile;

import io.minikv.engine.format.KeyEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Entries in their order, to be written. For one thread. */
@FunctionalInterface
interface EntrySource {

  /**
   * The next entry; it changes with the next call.
   *
   * @return nothing at the end
   */
  @Nullable KeyEntry next() throws IOException;
}
