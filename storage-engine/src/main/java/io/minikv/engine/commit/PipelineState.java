package io.minikv.engine.commit;

import org.jspecify.annotations.Nullable;

/**
 * Whether writes can be taken. Changed under the lock of the writers, read without.
 *
 * <p>Thread-safe.
 */
final class PipelineState {

  private volatile boolean diskFull;
  private volatile boolean closing;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  /** Whether the last write was refused for lack of space. */
  boolean isDiskFull() {
    return diskFull;
  }

  void setDiskFull(boolean full) {
    diskFull = full;
  }

  /** Why nothing can be written any more; nothing while all is well. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Nothing can be written any more; the first reason is kept. */
  void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  /** Whether no more writes are accepted from callers. */
  boolean isClosing() {
    return closing;
  }

  void beginClosing() {
    closing = true;
  }

  /** Whether the last write is done. */
  boolean isClosed() {
    return closed;
  }

  void setClosed(boolean newClosed) {
    closed = newClosed;
  }

  /** Whether the log may be written and forced. */
  boolean isWritable() {
    return !closed && failure == null;
  }

  void checkWritable() {
    Throwable failed = failure;
    if (failed != null) {
      throw CommitErrors.failed(failed);
    }
  }

  void checkOpen() {
    if (closing) {
      throw CommitErrors.closed();
    }
  }

  void checkNotClosed() {
    if (closed) {
      throw CommitErrors.closed();
    }
  }
}
