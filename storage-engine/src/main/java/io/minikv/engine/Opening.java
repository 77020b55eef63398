package io.minikv.engine;

import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.DirectoryLock;
import io.minikv.engine.io.DirectoryLockedException;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.NioDisk;
import io.minikv.engine.recovery.Recovered;
import io.minikv.engine.recovery.Recovery;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a store, or tells what is in the way. */
final class Opening {

  private Opening() {}

  static OpenStore of(Path directory, EngineOptions options) {
    Disk disk;
    try {
      disk = NioDisk.open(directory, true);
    } catch (IOException e) {
      throw inaccessible(directory.toString(), e);
    }
    return of(disk, options, EngineThreads.start());
  }

  static OpenStore of(Disk disk, EngineOptions options, EngineThreads threads) {
    try {
      Recovery.checkPlace(disk);
      DirectoryLock lock = disk.lock(FileNames.LOCK, "process " + ProcessHandle.current().pid());
      try {
        long freeBytes = disk.freeBytes();
        Recovered recovered = Recovery.open(disk, options.clock(), options.segmentBytes());
        return new OpenStore(options, threads, lock, recovered, freeBytes);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (DirectoryLockedException e) {
      threads.stop().run();
      throw new StoreUnavailableException(
          Reason.IN_USE,
          "The store in "
              + disk.describe()
              + " is in use by "
              + e.holder()
              + ". Only one process can open it at a time.",
          e);
    } catch (IOException e) {
      threads.stop().run();
      throw inaccessible(disk.describe(), e);
    } catch (RuntimeException e) {
      threads.stop().run();
      throw e;
    }
  }

  private static StoreUnavailableException inaccessible(String directory, IOException cause) {
    String advice =
        cause instanceof DiskFullException
            ? " After a crash an opening needs some space: free a few megabytes, and open it again. "
                + "Nothing is lost."
            : "";
    return new StoreUnavailableException(
        Reason.INACCESSIBLE,
        "The store in " + directory + " cannot be opened: " + cause.getMessage() + "." + advice,
        cause);
  }
}
