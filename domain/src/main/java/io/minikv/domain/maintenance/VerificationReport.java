package io.minikv.domain.maintenance;

import java.time.Duration;
import java.util.List;

/**
 * What a verification found.
 *
 * @param files how many files were read
 * @param bytes how many bytes were read
 * @param records how many records were found whole
 * @param damages what is not whole
 * @param took how long it took
 */
public record VerificationReport(
    int files, long bytes, long records, List<Damage> damages, Duration took) {

  /** Keeps a copy of the list. */
  public VerificationReport {
    damages = List.copyOf(damages);
  }

  /** Whether everything is whole. */
  public boolean isClean() {
    return damages.isEmpty();
  }
}
