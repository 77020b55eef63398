package io.minikv.domain.maintenance;

/**
 * Is told how far a long operation has come, now and then, on the thread that runs it. It must
 * return quickly.
 */
@FunctionalInterface
public interface ProgressListener {

  /** Listens to nothing. */
  ProgressListener NONE = (done, total) -> {};

  /**
   * Progress was made.
   *
   * @param doneBytes how many bytes are done, never less than the last time
   * @param totalBytes how many there are to do, as far as is known by now
   */
  void onProgress(long doneBytes, long totalBytes);
}
