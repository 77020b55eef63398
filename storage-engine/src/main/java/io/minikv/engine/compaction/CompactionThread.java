package io.minikv.engine.compaction;

import io.minikv.domain.StoreClosedException;
import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.engine.threads.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then, and whenever a segment is complete, whether a compaction is due. A platform
 * thread, as it reads and writes files.
 */
public final class CompactionThread implements AutoCloseable {

  private final Compactions compactions;
  private final Duration interval;
  private final Worker worker;

  /** Does what is due. */
  @FunctionalInterface
  public interface Compactions {

    /** See {@link Compactor#compactDue}. */
    Optional<CompactionReport> compactDue() throws IOException;
  }

  /** Starts the thread. */
  public CompactionThread(Compactions compactions, Duration interval) {
    this.compactions = compactions;
    this.interval = interval;
    this.worker = new Worker("minikv-compaction", interval::toNanos, this::look);
  }

  /** Lets it look at once. */
  public void wake() {
    worker.wake();
  }

  private void look() {
    try {
      compactions.compactDue().ifPresent(CompactionThread::tell);
    } catch (StoreClosedException e) {
      log().debug("The compaction ended with the store.", e);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      log().warn("A compaction failed, and is tried again in {}.", interval, e);
    }
  }

  private static void tell(CompactionReport report) {
    log()
        .info(
            "Compaction: {} segments became {}, and {} bytes came back, in {} ms.",
            report.segmentsBefore(),
            report.segmentsAfter(),
            report.reclaimedBytes(),
            report.took().toMillis());
  }

  /** Ends it; a compaction that runs is the {@link Compactor}'s to end. */
  @Override
  public void close() {
    worker.close();
  }

  /** Not set up before there is something to say: no opening has to wait for that. */
  private static Logger log() {
    return LoggerFactory.getLogger(CompactionThread.class);
  }
}
