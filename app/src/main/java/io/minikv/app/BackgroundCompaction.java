package io.minikv.app;

import io.minikv.domain.StoreClosedException;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.StoreMaintenance;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether a compaction is worth it, and runs it then, on a thread of its own. It
 * uses the store and never closes it. Thread-safe.
 */
final class BackgroundCompaction implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundCompaction.class);

  private final CompactionPolicy policy;
  private final StoreMaintenance maintenance;
  private final ScheduledExecutorService timer;

  private BackgroundCompaction(CompactionPolicy policy, StoreMaintenance maintenance) {
    this.policy = policy;
    this.maintenance = maintenance;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("minikv-compaction").daemon().factory());
  }

  /** Starts it; it does nothing when the policy is off. */
  static BackgroundCompaction start(CompactionPolicy policy, StoreMaintenance maintenance) {
    BackgroundCompaction compaction = new BackgroundCompaction(policy, maintenance);
    if (policy.isOn()) {
      long millis = policy.interval().toMillis();
      ScheduledFuture<?> _ =
          compaction.timer.scheduleWithFixedDelay(
              compaction::runSafely, millis, millis, TimeUnit.MILLISECONDS);
    }
    return compaction;
  }

  /**
   * Starts no more compactions. One that runs is not waited for: closing the store ends it. Closing
   * again does nothing.
   */
  @Override
  public void close() {
    timer.shutdown();
  }

  /** A timer drops a task that throws; a compaction that failed is tried again the next time. */
  private void runSafely() {
    try {
      runIfDue();
    } catch (StoreClosedException e) {
      LOG.debug("The compaction ended with the store.", e);
    } catch (RuntimeException e) {
      LOG.warn("The compaction failed, and is tried again in {}.", policy.interval(), e);
    }
  }

  private void runIfDue() {
    if (policy.isDue(maintenance.statistics())) {
      CompactionReport report = maintenance.compact(ProgressListener.NONE);
      LOG.info(
          "Compaction: {} segments became {}, and {} bytes came back, in {} ms.",
          report.segmentsBefore(),
          report.segmentsAfter(),
          report.reclaimedBytes(),
          report.took().toMillis());
    }
  }
}
