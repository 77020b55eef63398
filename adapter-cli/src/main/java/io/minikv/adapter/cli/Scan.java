package io.minikv.adapter.cli;

import io.minikv.domain.Cursor;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import java.util.function.Consumer;

/** Goes through the entries of a range. A damaged entry is reported and does not end it. */
final class Scan {

  private Scan() {}

  static ExitStatus forEach(
      Invocation invocation, KeyRange range, ScanOptions options, Consumer<Cursor> action) {
    ExitStatus status = ExitStatus.DONE;
    try (Cursor cursor = invocation.data().scan(range, options)) {
      boolean more = true;
      while (more) {
        try {
          more = cursor.next();
          if (more) {
            action.accept(cursor);
          }
        } catch (DamagedDataException e) {
          invocation.out().flush();
          status = status.orThen(invocation.errors().report(e));
        }
      }
    }
    return status;
  }
}
