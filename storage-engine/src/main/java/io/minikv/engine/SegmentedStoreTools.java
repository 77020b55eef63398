package io.minikv.engine;

import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.StoreException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RepairReport;
import io.minikv.domain.maintenance.StoreTools;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.checkpoint.StoreCopy;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.NioDisk;
import io.minikv.engine.tools.FileDescription;
import io.minikv.engine.tools.StoreFiles;
import io.minikv.engine.tools.StoreRepair;
import io.minikv.engine.tools.StoreRestore;
import io.minikv.engine.tools.StoreVerification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Tools for the files of a {@link SegmentedStore} that is not open.
 *
 * <p>Thread-safe. A directory is locked while it is worked on, unless this user cannot write to it.
 * A repair holds the keys of a store in a quarter of the heap, and reads the store more often when
 * they do not fit.
 */
public final class SegmentedStoreTools implements StoreTools {

  private final InstantSource clock;

  /** Tools that tell the time by a clock. */
  public SegmentedStoreTools(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public VerificationReport verify(Path directory, ProgressListener listener) {
    return reading(directory, () -> verify(NioDisk.openToRead(directory), listener));
  }

  static VerificationReport verify(Disk disk, ProgressListener listener) throws IOException {
    try (StoreFiles store = StoreFiles.open(disk)) {
      return StoreVerification.verify(store, listener);
    }
  }

  @Override
  public void inspect(Path file, Appendable output) {
    Path absolute = file.toAbsolutePath().normalize();
    Path directory = absolute.getParent();
    Path name = absolute.getFileName();
    if (directory == null || name == null) {
      throw new InvalidRequestException(file + " is a directory. Name one of its files.");
    }
    reading(
        file,
        () -> {
          Disk disk = NioDisk.openToRead(directory);
          if (!disk.exists(name.toString())) {
            throw new InvalidRequestException(
                "There is no file " + file + ". Name a file of a store, such as MANIFEST.");
          }
          FileDescription.describe(disk, name.toString(), output);
          return true;
        });
  }

  @Override
  public RepairReport repair(Path damaged, Path target, ProgressListener listener) {
    return copying(
        damaged, target, () -> repair(NioDisk.openToRead(damaged), target, clock, listener));
  }

  static RepairReport repair(
      Disk damaged, Path target, InstantSource clock, ProgressListener listener)
      throws IOException {
    long memoryBytes = Runtime.getRuntime().maxMemory() / 4;
    return repair(damaged, target, clock, listener, memoryBytes);
  }

  static RepairReport repair(
      Disk damaged, Path target, InstantSource clock, ProgressListener listener, long memoryBytes)
      throws IOException {
    try (StoreFiles store = StoreFiles.open(damaged);
        StoreCopy copy =
            StoreCopy.begin(
                damaged,
                target,
                "What is saved of " + damaged.describe() + " " + clock.instant())) {
      return StoreRepair.repair(store, copy, clock.millis(), memoryBytes, listener);
    }
  }

  @Override
  public VerificationReport restore(Path checkpoint, Path target, ProgressListener listener) {
    return copying(
        checkpoint, target, () -> restore(NioDisk.openToRead(checkpoint), target, clock, listener));
  }

  static VerificationReport restore(
      Disk checkpoint, Path target, InstantSource clock, ProgressListener listener)
      throws IOException {
    try (StoreFiles store = StoreFiles.open(checkpoint)) {
      return StoreRestore.restore(
          store,
          () ->
              StoreCopy.begin(
                  checkpoint,
                  target,
                  "A restored copy of " + checkpoint.describe() + ", begun " + clock.instant()),
          listener);
    }
  }

  private static <T> T reading(Path place, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw unreadable(place, e);
    }
  }

  private static <T> T copying(Path source, Path target, Work<T> work) {
    try {
      return work.run();
    } catch (DiskFullException e) {
      throw new NotWritableException(
          NotWritableException.Reason.DISK_FULL,
          "The disk of " + target + " is full (" + e.getMessage() + "). Nothing is left there.",
          e);
    } catch (IOException e) {
      throw unreadable(source, e);
    }
  }

  private static StoreException unreadable(Path place, IOException cause) {
    return new StoreUnavailableException(
        Reason.INACCESSIBLE, place + " cannot be read: " + cause.getMessage() + ".", cause);
  }

  /** What a tool does. */
  @FunctionalInterface
  private interface Work<T> {

    T run() throws IOException;
  }
}
