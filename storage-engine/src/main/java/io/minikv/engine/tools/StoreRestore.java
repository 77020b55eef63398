package io.minikv.engine.tools;

import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.checkpoint.StoreCopy;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.tools.StoreFiles.LiveSegment;
import java.io.IOException;
import java.util.List;

/**
 * Copies a checkpoint to where it is to be opened. All of it is read and verified first; when
 * anything is not whole, nothing is restored.
 *
 * <p>The store that the checkpoint was taken of may have handed out numbers since. They must not be
 * used again, or an old version would match another write: so the restored store leaves a great
 * many out.
 */
public final class StoreRestore {

  private static final long SKIPPED_SEQUENCES = 1L << 32;
  private static final long SKIPPED_FILE_NUMBERS = 1L << 16;

  private StoreRestore() {}

  /** Makes the copy's directory, when it is known to be needed. */
  @FunctionalInterface
  public interface Target {

    /** Begins the copy. */
    StoreCopy begin() throws IOException;
  }

  /**
   * Restores a checkpoint; the report tells what was found in it. The target is made only when that
   * is whole.
   *
   * @throws StoreUnavailableException when it is a store that was not closed in order
   */
  public static VerificationReport restore(
      StoreFiles checkpoint, Target target, ProgressListener listener) throws IOException {
    Manifest manifest = checkpoint.manifest().orElse(null);
    if (manifest != null && !manifest.closed()) {
      throw new StoreUnavailableException(
          Reason.FOREIGN,
          checkpoint.disk().describe()
              + " is no checkpoint, but a store that was not closed in order. Open it and close it"
              + " first, or save what is in it with a repair.",
          null);
    }
    List<LiveSegment> segments = checkpoint.segments();
    long bytes = segments.stream().mapToLong(LiveSegment::size).sum();
    Halves progress = new Halves(listener, 2 * bytes);
    VerificationReport report = StoreVerification.verify(checkpoint, progress);
    if (manifest == null || !report.isClean()) {
      return report;
    }
    try (StoreCopy copy = target.begin()) {
      for (LiveSegment segment : segments) {
        copy.copy(checkpoint.disk(), segment.name(), segment.limit(), more -> progress.add(more));
        copyIfThere(checkpoint, FileNames.keys(segment.number()), copy);
      }
      for (String name : checkpoint.valueFiles()) {
        copyIfThere(checkpoint, name, copy);
      }
      copy.finish(withNewNumbers(manifest));
    }
    return report;
  }

  /** Copies a file that can be made anew where it is missing. */
  private static void copyIfThere(StoreFiles checkpoint, String name, StoreCopy copy)
      throws IOException {
    if (checkpoint.disk().exists(name)) {
      copy.copy(checkpoint.disk(), name, checkpoint.size(name), _ -> {});
    }
  }

  private static Manifest withNewNumbers(Manifest manifest) {
    return new Manifest(
        manifest.store(),
        manifest.generation() + 1,
        manifest.hashSeed(),
        manifest.createdAtMillis(),
        manifest.nextFileNumber() + SKIPPED_FILE_NUMBERS,
        true,
        manifest.sequence() + SKIPPED_SEQUENCES,
        manifest.segments().stream()
            .filter(entry -> entry.state() != Manifest.State.RETIRED)
            .toList());
  }

  /** The progress of two passes over the same bytes. */
  private static final class Halves implements ProgressListener {

    private final ProgressListener listener;
    private final long totalBytes;
    private long doneBytes;

    Halves(ProgressListener listener, long totalBytes) {
      this.listener = listener;
      this.totalBytes = totalBytes;
    }

    @Override
    public void onProgress(long done, long total) {
      doneBytes = Math.min(done, totalBytes / 2);
      listener.onProgress(doneBytes, totalBytes);
    }

    void add(long more) {
      doneBytes = Math.min(totalBytes, doneBytes + more);
      listener.onProgress(doneBytes, totalBytes);
    }
  }
}
