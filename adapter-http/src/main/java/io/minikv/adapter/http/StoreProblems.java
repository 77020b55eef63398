package io.minikv.adapter.http;

import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.CursorExpiredException;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.NotSupportedException;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.Version;
import java.util.Map;
import java.util.Optional;

/** Which problem each failure of the store is. */
final class StoreProblems {

  private static final int SOON_SECONDS = 1;
  private static final int LATER_SECONDS = 30;

  private StoreProblems() {}

  static Problem of(StoreException failure) {
    String detail = String.valueOf(failure.getMessage());
    return switch (failure) {
      // A value that is too long never gets this far as another limit: only its caller knows that
      // it is one.
      case InvalidRequestException _ -> Problem.of(400, "bad-request", "Bad request", detail);
      case ConditionFailedException conflict -> conditionFailed(conflict.current());
      case OverloadedException _ ->
          Problem.of(503, "overloaded", "Overloaded", detail).retryAfter(SOON_SECONDS);
      case NotWritableException refused -> notWritable(refused.reason(), detail);
      case OutcomeUnknownException _ ->
          Problem.of(
              500,
              "outcome-unknown",
              "Outcome unknown",
              "The disk failed during the write: it may or may not have happened. Read before you write again. "
                  + detail);
      case DamagedDataException _ -> Problem.of(500, "damaged-data", "Damaged data", detail);
      case NotSupportedException _ -> Problem.of(501, "not-supported", "Not supported", detail);
      case CursorExpiredException _ ->
          Problem.of(503, "listing-expired", "Listing expired", detail).retryAfter(SOON_SECONDS);
      case StoreClosedException _ -> closed(detail);
      case StoreUnavailableException _ -> closed(detail);
    };
  }

  /** The value is longer than is accepted. */
  static Problem tooLarge(long maxBytes) {
    return Problem.of(
        413,
        "too-large",
        "Content too large",
        "The body is longer than the " + maxBytes + " bytes that this server accepts.");
  }

  static Problem notFound() {
    return new Problem(
        404,
        "blob-not-found",
        "Blob not found",
        "There is no blob under this key.",
        "Blob not found",
        Map.of());
  }

  /** A condition does not hold; {@code current} is the version that is there. */
  static Problem conditionFailed(Optional<Version> current) {
    String found =
        current
            .map(version -> "The blob has the entity tag " + EntityTags.of(version))
            .orElse("There is no blob");
    Problem problem =
        Problem.of(
            412,
            "condition-failed",
            "Precondition failed",
            found + ": the condition of the request does not hold.");
    return current.map(version -> problem.with("ETag", EntityTags.of(version))).orElse(problem);
  }

  private static Problem notWritable(NotWritableException.Reason reason, String detail) {
    return switch (reason) {
      case DISK_FULL ->
          Problem.of(507, "disk-full", "Insufficient storage", detail).retryAfter(LATER_SECONDS);
      case DISK_FAILED, READ_ONLY ->
          Problem.of(503, "not-writable", "Not writable", detail).retryAfter(LATER_SECONDS);
    };
  }

  private static Problem closed(String detail) {
    return Problem.of(503, "unavailable", "Unavailable", detail).retryAfter(LATER_SECONDS);
  }
}
