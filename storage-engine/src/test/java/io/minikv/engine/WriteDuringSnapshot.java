package io.minikv.engine;

import static org.awaitility.Awaitility.await;

import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.WatchedDisk;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends a write behind the first force of a snapshot, and does not let it become durable before
 * the file of the snapshot is created: at the moment that the snapshot is of, the write is in the
 * log and not visible.
 */
final class WriteDuringSnapshot implements WatchedDisk.Watch {

  private final CountDownLatch created = new CountDownLatch(1);
  private final AtomicReference<@Nullable Runnable> write = new AtomicReference<>();
  private volatile @Nullable Thread writer;
  private volatile boolean appended;

  /** Takes the snapshot, while another thread does the write; returns when both are done. */
  <T> T during(Runnable newWrite, Supplier<T> snapshot) throws InterruptedException {
    write.set(newWrite);
    T result = snapshot.get();
    Thread ended = writer;
    if (ended == null) {
      throw new AssertionError("the snapshot forced nothing");
    }
    ended.join();
    return result;
  }

  @Override
  public void before(OperationType type) {
    boolean forces = type == OperationType.FORCE || type == OperationType.MAPPED_FORCE;
    Runnable next = forces ? write.getAndSet(null) : null;
    if (next != null) {
      Thread started = Thread.ofPlatform().start(next);
      writer = started;
      await().until(() -> started.getState() == Thread.State.WAITING);
      appended = true;
    } else if (Thread.currentThread() == writer) {
      if (forces && appended) {
        awaitCreation();
      }
    } else if (type == OperationType.CREATE) {
      created.countDown();
    }
  }

  private void awaitCreation() {
    try {
      created.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
