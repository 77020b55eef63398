package io.minikv.adapter.cli;

import io.minikv.domain.maintenance.ProgressListener;
import java.nio.charset.StandardCharsets;

/**
 * How far the work is, on one line of a terminal that changes; and the place where work that is no
 * longer wanted ends. For one thread.
 */
final class ProgressLine implements ProgressListener, AutoCloseable {

  private static final String ERASE = "\r\u001b[K";

  private final Output err;
  private final boolean visible;
  private final Cancellation cancellation;
  private int shownPercent = -1;

  /** Shows itself only where {@code visible}. */
  ProgressLine(Output err, boolean visible, Cancellation cancellation) {
    this.err = err;
    this.visible = visible;
    this.cancellation = cancellation;
  }

  @Override
  public void onProgress(long doneBytes, long totalBytes) {
    cancellation.check();
    int percent = totalBytes == 0 ? 100 : (int) (100.0 * doneBytes / totalBytes);
    if (visible && percent != shownPercent) {
      shownPercent = percent;
      show(ERASE + "%3d%% of %.1f MB".formatted(percent, totalBytes / 1048576.0));
    }
  }

  /** Erases it. */
  @Override
  public void close() {
    if (shownPercent >= 0) {
      shownPercent = -1;
      show(ERASE);
    }
  }

  private void show(String text) {
    err.bytes(text.getBytes(StandardCharsets.UTF_8));
    err.flush();
  }
}
