package io.minikv.engine.commit;

import io.minikv.domain.Durability;
import io.minikv.engine.threads.Worker;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Forces the log on behalf of callers that do not wait, in intervals where the store is set to
 * that, and a last time when the log falls idle, so that it tells how much of it is durable. A
 * platform thread, as a force blocks.
 */
public final class CommitThread implements AutoCloseable {

  /** The log tells what is durable after it was idle for at most twice this. */
  private static final Duration IDLE_INTERVAL = Duration.ofMillis(400);

  private final CommitPipeline pipeline;
  private final @Nullable Duration tick;
  private final boolean forcesOnTick;
  private final Worker worker;

  // Only the thread itself uses these.
  private long nextTick;
  private long lastSeen = -1;

  /**
   * Starts the thread.
   *
   * @param forceInterval how often to force with {@link Durability#INTERVAL}
   */
  public CommitThread(CommitPipeline pipeline, Durability durability, Duration forceInterval) {
    this.pipeline = pipeline;
    this.forcesOnTick = durability == Durability.INTERVAL;
    this.tick =
        switch (durability) {
          case OS -> null;
          case INTERVAL -> forceInterval;
          case ALWAYS -> IDLE_INTERVAL;
        };
    this.nextTick = System.nanoTime() + (tick == null ? 0 : tick.toNanos());
    this.worker = new Worker("minikv-commit", this::pauseNanos, this::work);
    pipeline.wakeWith(worker::wake);
  }

  private long pauseNanos() {
    return tick == null ? Long.MAX_VALUE : Math.max(1, nextTick - System.nanoTime());
  }

  private void work() {
    try {
      pumpAndForce();
    } catch (RuntimeException | OutOfMemoryError e) {
      // Callers wait for this thread: it goes on, and tells them.
      pipeline.fail(new IOException("the thread that forces the log failed: " + e, e));
    }
  }

  private void pumpAndForce() {
    pipeline.pump();
    if (tick == null || System.nanoTime() - nextTick < 0) {
      return;
    }
    nextTick = System.nanoTime() + tick.toNanos();
    if (forcesOnTick) {
      pipeline.forceNow();
    }
    long seen = pipeline.visibility().sequence();
    if (seen == lastSeen) {
      pipeline.tellDurability();
    }
    lastSeen = seen;
  }

  /** Stops the thread; what is queued is the closing's to pump. */
  @Override
  public void close() {
    worker.close();
  }
}
