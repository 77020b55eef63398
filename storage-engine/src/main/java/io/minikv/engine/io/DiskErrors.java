package io.minikv.engine.io;

import java.io.IOException;
import java.nio.file.FileStore;
import org.jspecify.annotations.Nullable;

/**
 * Tells a full disk from other failures. Java has no exception for it, only the text of the
 * operating system.
 */
final class DiskErrors {

  /**
   * So little is left that a failure is taken for one of space, where the text is in another
   * language.
   */
  private static final long NOTHING_LEFT_BYTES = 4096;

  private DiskErrors() {}

  /** Returns the failure, as a {@link DiskFullException} when space or quota ran out. */
  static IOException translate(IOException failure, FileStore store) {
    if (failure instanceof DiskFullException) {
      return failure;
    }
    if (saysFull(failure.getMessage()) || (!isEnglish(failure.getMessage()) && isFull(store))) {
      return new DiskFullException("the disk is full: " + failure.getMessage(), failure);
    }
    return failure;
  }

  private static boolean saysFull(@Nullable String message) {
    return message != null
        && (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
  }

  private static boolean isEnglish(@Nullable String message) {
    return message != null && message.contains("Input/output error");
  }

  private static boolean isFull(FileStore store) {
    try {
      return store.getUsableSpace() < NOTHING_LEFT_BYTES;
    } catch (IOException unknown) {
      return false;
    }
  }
}
