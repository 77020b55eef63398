package io.minikv.testkit;

import io.minikv.domain.Durability;
import io.minikv.domain.LimitExceededException;
import io.minikv.domain.Mutation;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteResult;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** Collects the pieces of a value and puts them when it is committed. */
final class InMemoryValueWriter extends Handle implements ValueWriter {

  private final InMemoryKeyValueStore store;
  private final Mutation.Put putOfNothing;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean finished;

  /** The put to make, with its value still empty. */
  InMemoryValueWriter(InMemoryKeyValueStore store, Mutation.Put putOfNothing) {
    super(store, "writer");
    this.store = store;
    this.putOfNothing = putOfNothing;
  }

  @Override
  public void write(ByteBuffer source) {
    checkUsable();
    long newLength = (long) bytes.size() + source.remaining();
    long limit = store.limits().maxValueBytes();
    if (newLength > limit) {
      finished = true;
      throw new LimitExceededException("value length", newLength, limit);
    }
    byte[] piece = new byte[source.remaining()];
    source.get(piece);
    bytes.writeBytes(piece);
  }

  @Override
  public long length() {
    return bytes.size();
  }

  @Override
  public WriteResult commit(Durability durability) {
    return store.write(finish(), durability);
  }

  @Override
  public CompletionStage<WriteResult> commitAsync(Durability durability) {
    return store.completeLater(() -> commit(durability));
  }

  private Mutation finish() {
    checkUsable();
    finished = true;
    return new Mutation.Put(
        putOfNothing.key(),
        Value.wrap(bytes.toByteArray()),
        putOfNothing.attributes(),
        putOfNothing.expiry(),
        putOfNothing.condition());
  }

  private void checkUsable() {
    checkOpen();
    if (finished) {
      throw new StoreClosedException(
          "The writer was committed, or its value became too long: it can only be closed. Open another one.");
    }
  }
}
