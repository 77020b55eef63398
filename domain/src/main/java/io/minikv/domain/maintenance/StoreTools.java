package io.minikv.domain.maintenance;

import java.nio.file.Path;

/**
 * Work on the files of a store that is not open. Thread-safe. All methods throw {@link
 * io.minikv.domain.StoreUnavailableException} when the files are in use or cannot be read.
 */
public interface StoreTools {

  /** Reads every byte of a store and checks every checksum. Nothing is changed. */
  VerificationReport verify(Path directory, ProgressListener listener);

  /**
   * Describes what is in one file of a store, readable for people, damaged parts included. Nothing
   * is changed.
   *
   * @param output gets the text, line by line
   */
  void inspect(Path file, Appendable output);

  /**
   * Saves all that is readable of a damaged store into a new one. The damaged one is not touched.
   * The newest entry of a key wins; where it is known to be damaged, no older one takes its place.
   *
   * @param target a directory that does not exist, or is empty
   * @throws io.minikv.domain.InvalidRequestException when the target is not empty or cannot be made
   */
  RepairReport repair(Path damaged, Path target, ProgressListener listener);

  /**
   * Copies a checkpoint to where it is to be opened, after every byte of it was verified. When the
   * report is not clean, nothing was restored, and the target was not made. Versions of the
   * restored store are greater than all that the original one can have handed out since the
   * checkpoint.
   *
   * @param target a directory that does not exist, or is empty
   * @throws io.minikv.domain.InvalidRequestException when the target is not empty or cannot be made
   */
  VerificationReport restore(Path checkpoint, Path target, ProgressListener listener);
}
