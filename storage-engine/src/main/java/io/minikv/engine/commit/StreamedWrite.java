package io.minikv.engine.commit;

import io.minikv.domain.Durability;
import io.minikv.domain.LimitExceededException;
import io.minikv.domain.Mutation;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteResult;
import io.minikv.engine.format.StoredValue;
import io.minikv.engine.values.StagedFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A put whose value comes in pieces. Its value is in memory, or in a file once it is too long. */
final class StreamedWrite implements ValueWriter {

  private final StreamedWrites writes;
  private final Mutation.Put putOfNothing;

  /** The value, while it is short. */
  private ByteArrayOutputStream start = new ByteArrayOutputStream(0);

  /** The value, once it is long. */
  private @Nullable StagedFile file;

  private long length;

  /** It can only be closed. */
  private boolean spent;

  StreamedWrite(StreamedWrites writes, Mutation.Put putOfNothing) {
    this.writes = writes;
    this.putOfNothing = putOfNothing;
  }

  @Override
  public void write(ByteBuffer source) {
    checkUsable();
    long newLength = length + source.remaining();
    try {
      if (newLength > writes.limits().maxValueBytes()) {
        throw new LimitExceededException(
            "value length", newLength, writes.limits().maxValueBytes());
      }
      append(source, newLength);
      length = newLength;
    } catch (IOException e) {
      end();
      throw CommitErrors.notStaged(e);
    } catch (RuntimeException e) {
      end();
      throw e;
    }
  }

  private void append(ByteBuffer source, long newLength) throws IOException {
    StagedFile staged = file;
    if (staged == null && newLength <= writes.mostInLogBytes()) {
      byte[] piece = new byte[source.remaining()];
      source.get(piece);
      start.writeBytes(piece);
      return;
    }
    if (staged == null) {
      staged = writes.stage(putOfNothing);
      file = staged;
      staged.write(ByteBuffer.wrap(start.toByteArray()));
      start = new ByteArrayOutputStream(0);
    }
    staged.write(source);
  }

  private void checkUsable() {
    writes.pipeline().checkOpen();
    if (spent) {
      throw new StoreClosedException(
          "The writer was closed or committed, or failed: it can only be closed. Open another one.");
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public WriteResult commit(Durability durability) {
    checkUsable();
    StagedFile staged = takeFile();
    if (staged == null) {
      return writes.pipeline().write(pendingInLog(durability));
    }
    try {
      staged.finish();
      WriteResult result = writes.pipeline().write(pending(staged, durability));
      writes.keep(staged);
      return result;
    } catch (IOException e) {
      writes.abort(staged);
      throw CommitErrors.notStaged(e);
    } catch (StoreException e) {
      settle(staged, e);
      throw e;
    }
  }

  @Override
  public CompletionStage<WriteResult> commitAsync(Durability durability) {
    try {
      checkUsable();
      StagedFile staged = takeFile();
      return staged == null
          ? writes.pipeline().submit(pendingInLog(durability))
          : commitLater(staged, durability);
    } catch (StoreException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The outcome of the commit decides from now on what becomes of the file. */
  private @Nullable StagedFile takeFile() {
    spent = true;
    StagedFile taken = file;
    file = null;
    return taken;
  }

  private CompletableFuture<WriteResult> commitLater(StagedFile staged, Durability durability) {
    CompletableFuture<WriteResult> outcome = new CompletableFuture<>();
    try {
      writes.transfers().execute(() -> finishAndSubmit(staged, durability, outcome));
    } catch (RejectedExecutionException _) { // The store was closed, and has removed the file.
      outcome.completeExceptionally(CommitErrors.closed());
    }
    return outcome;
  }

  private void finishAndSubmit(
      StagedFile staged, Durability durability, CompletableFuture<WriteResult> outcome) {
    try {
      staged.finish();
    } catch (IOException e) {
      writes.abort(staged);
      tell(() -> outcome.completeExceptionally(CommitErrors.notStaged(e)));
      return;
    } catch (StoreException e) {
      settle(staged, e);
      tell(() -> outcome.completeExceptionally(e));
      return;
    }
    CompletionStage<WriteResult> written = writes.pipeline().submit(pending(staged, durability));
    written.whenComplete((result, failure) -> {
      if (failure == null) {
        writes.keep(staged);
        tell(() -> outcome.complete(result));
      } else {
        settle(staged, failure);
        tell(() -> outcome.completeExceptionally(failure));
      }
    });
  }

  private void tell(Runnable completion) {
    writes.completions().execute(completion);
  }

  /** A record may name the file when the outcome is unknown; else none does, or will. */
  private void settle(StagedFile staged, Throwable failure) {
    if (failure instanceof StoreException && !(failure instanceof OutcomeUnknownException)) {
      writes.abort(staged);
    } else {
      writes.keep(staged);
    }
  }

  private PendingWrite<WriteResult> pendingInLog(Durability durability) {
    Mutation.Put put =
        new Mutation.Put(
            putOfNothing.key(),
            Value.wrap(start.toByteArray()),
            putOfNothing.attributes(),
            putOfNothing.expiry(),
            putOfNothing.condition());
    return PendingWrite.of(put, durability, writes.encoding());
  }

  private PendingWrite<WriteResult> pending(StagedFile staged, Durability durability) {
    StoredValue stored = StoredValue.external(staged.fileNumber(), Math.toIntExact(length));
    return PendingWrite.of(putOfNothing, stored, durability, writes.encoding());
  }

  @Override
  public void close() {
    end();
  }

  private void end() {
    StagedFile unfinished = takeFile();
    if (unfinished != null) {
      writes.abort(unfinished);
    }
    start = new ByteArrayOutputStream(0);
  }
}
