package io.minikv.engine.compaction;

import io.minikv.domain.maintenance.ProgressListener;

/** How far a run has come. For one thread. */
final class Progress {

  private final ProgressListener listener;
  private long doneBytes;
  private long totalBytes;

  Progress(ProgressListener listener) {
    this.listener = listener;
  }

  /** There is more to do. */
  void expect(long bytes) {
    totalBytes += bytes;
  }

  /** A part is done; one that has to be done again counts once. */
  void advance(long bytes) {
    doneBytes = Math.min(doneBytes + bytes, totalBytes);
    listener.onProgress(doneBytes, totalBytes);
  }
}
