package io.minikv.engine.commit;

import io.minikv.domain.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * Writes whose outcome is known. They are collected under the lock of the writers and told without
 * it: what callers attached must not run under a lock, nor on a thread of the store.
 */
final class Answers {

  private final WriteQueue queue;
  private final Executor completions;
  private final LongConsumer toll;

  /** Guarded by the lock of the writers. */
  private final List<PendingWrite<?>> ready = new ArrayList<>();

  /**
   * For a pipeline.
   *
   * @param toll waits for as long as a write of so many bytes costs; asked before a caller that
   *     does not wait is told, so that it slows down whoever goes on only then
   */
  Answers(WriteQueue queue, Executor completions, LongConsumer toll) {
    this.queue = queue;
    this.completions = completions;
    this.toll = toll;
  }

  /** Takes a write that was done; one that has its answer already keeps that. */
  void add(PendingWrite<?> write) {
    if (write.takeAnswer()) {
      ready.add(write);
    }
  }

  /** Takes a write that was not done; one that has its answer already keeps that. */
  void refuse(PendingWrite<?> write, StoreException reason) {
    if (write.takeAnswer()) {
      write.fail(reason);
      ready.add(write);
    }
  }

  /** Those collected so far, to be told by {@link #tell}. */
  List<PendingWrite<?>> take() {
    if (ready.isEmpty()) {
      return List.of();
    }
    List<PendingWrite<?>> taken = List.copyOf(ready);
    ready.clear();
    return taken;
  }

  /** Tells outcomes to their callers. Called without a lock. */
  void tell(List<PendingWrite<?>> taken) {
    if (taken.isEmpty()) {
      return;
    }
    List<PendingWrite<?>> detached = new ArrayList<>(0);
    for (PendingWrite<?> write : taken) {
      if (write.isDetached()) {
        detached.add(write);
      } else {
        write.complete();
      }
    }
    if (!detached.isEmpty()) {
      completions.execute(() -> detached.forEach(this::tellDetached));
    }
  }

  /** Counts as on its way until then: so the queue is full when the toll is not enough. */
  private void tellDetached(PendingWrite<?> write) {
    if (!write.isRefused()) {
      toll.accept(write.bytes());
    }
    queue.release(write);
    write.complete();
  }
}
