package io.minikv.domain.maintenance;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What the opening of a store found.
 *
 * @param openedAt when
 * @param took how long it took
 * @param outcome in which state the store was found
 * @param records how many records were read one by one in the log, as neither an index snapshot nor
 *     a key file told of them
 * @param keys how many keys are present
 * @param findings what was not as a clean end leaves it, one sentence each that says what, where,
 *     why and what was done
 */
public record RecoveryReport(
    Instant openedAt,
    Duration took,
    Outcome outcome,
    long records,
    long keys,
    List<String> findings) {

  /** The state in which a store was found. */
  public enum Outcome {
    /** There was none: it was created. */
    CREATED,
    /** It had been closed. */
    CLEAN,
    /** It had not been closed: the end of its log was read and, where it was torn, cut. */
    RECOVERED
  }

  /** Keeps a copy of the list. */
  public RecoveryReport {
    findings = List.copyOf(findings);
  }
}
