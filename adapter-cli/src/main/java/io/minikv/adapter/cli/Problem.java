package io.minikv.adapter.cli;

import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.NotSupportedException;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreException;
import io.minikv.domain.StoreUnavailableException;
import java.io.UncheckedIOException;

/**
 * What went wrong, as it is told to the user.
 *
 * @param status what the process ends with
 * @param text what was wrong and what to do; several lines when several things are wrong
 */
record Problem(ExitStatus status, String text) {

  /** What a failure means to the user. */
  static Problem of(Throwable failure) {
    return switch (failure) {
      case CancelledException _ -> new Problem(ExitStatus.INTERRUPTED, "interrupted");
      case UsageException e -> new Problem(ExitStatus.USAGE, message(e));
      case MissingArgumentException e -> new Problem(ExitStatus.USAGE, message(e));
      case OutputException e ->
          new Problem(
              ExitStatus.UNAVAILABLE,
              "cannot write the output: " + message(e) + "; what was written of it is incomplete");
      case UncheckedIOException e ->
          new Problem(ExitStatus.UNAVAILABLE, message(e) + "; check where it comes from");
      case OutOfMemoryError _ ->
          new Problem(
              ExitStatus.UNAVAILABLE,
              "a key, value or line is too large for the memory; give Java more of it (-Xmx)");
      case StoreException e -> ofStore(e);
      default ->
          new Problem(
              ExitStatus.UNAVAILABLE,
              "an error that should not happen: "
                  + failure
                  + "; please report it with what you did");
    };
  }

  private static Problem ofStore(StoreException failure) {
    return switch (failure) {
      case InvalidRequestException e -> new Problem(ExitStatus.USAGE, message(e));
      case NotSupportedException e -> new Problem(ExitStatus.USAGE, message(e));
      case ConditionFailedException e ->
          advise(
              ExitStatus.CONDITION_FAILED,
              e,
              "read the key again (get --json shows its version) and decide anew");
      case DamagedDataException e -> new Problem(ExitStatus.DAMAGED, message(e));
      case StoreUnavailableException e ->
          switch (e.reason()) {
            case IN_USE ->
                advise(
                    ExitStatus.UNAVAILABLE,
                    e,
                    "stop that process, or use the HTTP address of the server that it runs");
            case DAMAGED -> new Problem(ExitStatus.DAMAGED, message(e));
            case INACCESSIBLE, FOREIGN -> new Problem(ExitStatus.UNAVAILABLE, message(e));
          };
      case OutcomeUnknownException e ->
          advise(
              ExitStatus.UNAVAILABLE,
              e,
              "open the store again and read the key before you write it again");
      case OverloadedException e -> advise(ExitStatus.UNAVAILABLE, e, "try again");
      default -> new Problem(ExitStatus.UNAVAILABLE, message(failure));
    };
  }

  private static Problem advise(ExitStatus status, StoreException failure, String advice) {
    String what = message(failure);
    String open = what.endsWith(".") ? what.substring(0, what.length() - 1) : what;
    return new Problem(status, open + "; " + advice);
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
