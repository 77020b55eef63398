package io.minikv.engine.commit;

import io.minikv.domain.NotWritableException;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreClosedException;
import io.minikv.engine.io.DiskFullException;
import java.io.IOException;

/** What callers are told when a store cannot do what they ask. */
public final class CommitErrors {

  private CommitErrors() {}

  /** The store was closed. */
  public static StoreClosedException closed() {
    return new StoreClosedException("The store is closed.");
  }

  static NotWritableException failed(Throwable cause) {
    return new NotWritableException(
        NotWritableException.Reason.DISK_FAILED,
        "The store takes no writes since the disk failed ("
            + cause.getMessage()
            + "). Reads go on. Repair the disk, then open the store again.",
        cause);
  }

  static NotWritableException unreadable(Throwable cause) {
    return new NotWritableException(
        NotWritableException.Reason.DISK_FAILED,
        "What is stored under the key could not be read: " + cause.getMessage(),
        cause);
  }

  static NotWritableException full(DiskFullException cause) {
    return new NotWritableException(
        NotWritableException.Reason.DISK_FULL,
        "The disk is full (" + cause.getMessage() + "). Writes go on when there is space again.",
        cause);
  }

  /** A value that comes in pieces could not be written; the rest of the store is not concerned. */
  static NotWritableException notStaged(IOException cause) {
    return cause instanceof DiskFullException full
        ? full(full)
        : new NotWritableException(
            NotWritableException.Reason.DISK_FAILED,
            "The value could not be written ("
                + cause.getMessage()
                + "), and nothing was stored. Send it again.",
            cause);
  }

  static OutcomeUnknownException outcomeUnknown(Throwable cause) {
    return new OutcomeUnknownException(
        "The disk failed during the write ("
            + cause.getMessage()
            + "). Whether it happened shows after the store is opened again.",
        cause);
  }

  static OverloadedException overloaded(long mostBytes) {
    return new OverloadedException(
        "More than " + (mostBytes >> 20) + " MiB of writes are waiting for the disk. Try again.");
  }
}
