package io.minikv.engine.commit;

import io.minikv.domain.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Writes whose outcome is known. They are collected under the lock of the writers and told without
 * it: what callers attached must not run under a lock, nor on a thread of the store.
 */
final class Answers {

  private final WriteQueue queue;
  private final Executor completions;

  /** Guarded by the lock of the writers. */
  private final List<PendingWrite<?>> ready = new ArrayList<>();

  Answers(WriteQueue queue, Executor completions) {
    this.queue = queue;
    this.completions = completions;
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
        queue.release(write);
        detached.add(write);
      } else {
        write.complete();
      }
    }
    if (!detached.isEmpty()) {
      completions.execute(() -> detached.forEach(PendingWrite::complete));
    }
  }
}
