package io.minikv.engine;

import io.minikv.domain.Cursor;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.ScanOptions.Direction;
import io.minikv.domain.ScanOptions.Projection;
import io.minikv.domain.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * A cursor, and what it has to show: what a model held when it was opened. Every difference is an
 * {@link AssertionError}. For one thread.
 */
final class CheckedCursor {

  private final String description;
  private final Cursor cursor;
  private final Projection projection;
  private final Iterator<Map.Entry<Key, Stored>> expected;
  private boolean ended;
  private long shown;

  /**
   * A cursor that was just opened.
   *
   * @param content all that the range held then, which is not changed any more
   */
  CheckedCursor(
      String description, Cursor cursor, NavigableMap<Key, Stored> content, ScanOptions options) {
    this.description = description;
    this.cursor = cursor;
    this.projection = options.projection();
    boolean forwards = options.direction() == Direction.FORWARDS;
    List<Map.Entry<Key, Stored>> inOrder =
        new ArrayList<>((forwards ? content : content.descendingMap()).entrySet());
    this.expected = inOrder.stream().limit(options.limit()).toList().iterator();
  }

  /** How many entries it has shown. */
  long shown() {
    return shown;
  }

  /** Moves it, and looks at all that it shows. */
  void move() {
    boolean moved = cursor.next();
    require(moved == (!ended && expected.hasNext()), "moved: %s after %d", moved, shown);
    if (moved) {
      shown++;
      requirePosition(expected.next());
    } else {
      ended = true;
      requireFails(cursor::key, IllegalStateException.class);
      requireFails(cursor::info, IllegalStateException.class);
      requireFails(cursor::value, IllegalStateException.class);
    }
  }

  private void requirePosition(Map.Entry<Key, Stored> entry) {
    Stored stored = entry.getValue();
    require(cursor.key().equals(entry.getKey()), "not %s: %s", entry.getKey(), cursor.key());
    EntryInfo info = cursor.info();
    require(
        info.key().equals(entry.getKey())
            && info.version().sequence() == stored.sequence()
            && info.valueLength() == stored.value().length()
            && info.attributes().equals(stored.attributes())
            && info.expiresAtMillis() == stored.expiresAtMillis(),
        "not %s: %s",
        entry,
        info);
    if (projection == Projection.KEYS) {
      requireFails(cursor::value, IllegalStateException.class);
    } else {
      require(cursor.value().equals(stored.value()), "another value than %s", entry);
      requireArrays(entry.getKey(), stored.value());
    }
  }

  private void requireArrays(Key key, Value value) {
    byte[] readKey = new byte[key.length()];
    byte[] readValue = new byte[value.length()];
    require(
        cursor.readKey(readKey) == key.length()
            && cursor.readValue(readValue) == value.length()
            && Arrays.equals(readKey, key.toByteArray())
            && Arrays.equals(readValue, value.toByteArray()),
        "read into arrays, not %s",
        key);
  }

  /** Moves it to its end, and closes it. */
  void finish() {
    while (!ended) {
      move();
    }
    move();
    close();
  }

  /** Requires that it can neither be moved nor read any more. */
  void requireEnded(Class<? extends RuntimeException> reason) {
    requireFails(cursor::next, reason);
  }

  void close() {
    cursor.close();
  }

  private void requireFails(Runnable call, Class<? extends RuntimeException> expectedFailure) {
    try {
      call.run();
    } catch (RuntimeException e) {
      require(expectedFailure.isInstance(e), "failed otherwise: %s", e);
      return;
    }
    require(false, "did not fail");
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency of its own.
  private void require(boolean holds, String problem, Object... details) {
    if (!holds) {
      throw new AssertionError(description + ": " + problem.formatted(details));
    }
  }
}
