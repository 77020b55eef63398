package io.minikv.domain.maintenance;

import java.nio.file.Path;

/**
 * Maintenance of an open store. All methods may be called by any number of threads while the store
 * is read and written; two runs of the same operation follow each other. After the end of the store
 * all but {@link #statistics()} and {@link #health()} throw {@link
 * io.minikv.domain.StoreClosedException}.
 */
public interface StoreMaintenance {

  /** Figures of the store as of now. Costs next to nothing, whatever the size of the store. */
  StoreStatistics statistics();

  /** Whether the store can do its work. Costs next to nothing. */
  StoreHealth health();

  /**
   * Gives back the space of overwritten, deleted and expired entries, as much as there is. Reads
   * and writes go on. Returns when done; when it fails or the process ends meanwhile, no data is
   * lost and no deleted entry comes back.
   *
   * @throws io.minikv.domain.NotWritableException when there is no space to work in, or the disk
   *     fails
   */
  CompactionReport compact(ProgressListener listener);

  /**
   * Writes down the index, so that the next opening need not build it. Reads and writes go on.
   *
   * @throws io.minikv.domain.NotSupportedException when this store has no snapshots
   * @throws io.minikv.domain.NotWritableException when the disk is full or fails
   */
  SnapshotReport snapshot();

  /**
   * Reads every byte of the store and checks every checksum. Damage is reported, not thrown. Reads
   * and writes go on.
   */
  VerificationReport verify(ProgressListener listener);

  /**
   * Makes a consistent copy of the store, as of this call, that can be opened as a store of its
   * own. Reads and writes go on.
   *
   * @param directory where to; it must not exist, or be empty
   * @throws io.minikv.domain.NotSupportedException when this store has no checkpoints
   * @throws io.minikv.domain.InvalidRequestException when the directory is not empty or cannot be
   *     made
   * @throws io.minikv.domain.NotWritableException when the disk is full or fails
   */
  CheckpointReport checkpoint(Path directory);
}
