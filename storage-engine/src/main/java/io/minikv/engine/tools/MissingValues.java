package io.minikv.engine.tools;

import io.minikv.domain.Key;
import io.minikv.engine.format.FrameHead;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Records whose value files are not there. That is damage when they are the newest of their keys,
 * and as it should be when they are dead: which of the two, a second look at all records tells.
 * Keeps a bounded number of them. For one thread.
 */
final class MissingValues {

  private static final int MOST = 10_000;

  private final Map<Key, Missing> newest = new HashMap<>();

  /**
   * A record without its value.
   *
   * @param valueFile the name of the file
   */
  record Missing(String segment, long offset, long sequence, String valueFile) {}

  void add(Key key, Missing missing) {
    if (newest.size() < MOST) {
      newest.merge(key, missing, (a, b) -> a.sequence > b.sequence ? a : b);
    }
  }

  boolean isEmpty() {
    return newest.isEmpty();
  }

  /** Takes a record into account that is there; a newer one makes those before it dead. */
  void supersede(FrameHead head) {
    Key key = head.key();
    Missing missing = newest.get(key);
    if (missing != null && missing.sequence < head.sequence()) {
      newest.remove(key);
    }
  }

  /** Reports those that are left. */
  void report(DamageList damages) {
    newest.forEach((key, missing) ->
        damages.add(
            missing.segment,
            missing.offset,
            0,
            Optional.of(key),
            "has its value in " + missing.valueFile + ", which is missing"));
  }
}
