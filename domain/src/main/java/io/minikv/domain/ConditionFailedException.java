package io.minikv.domain;

import java.util.Optional;

/**
 * The condition of a write does not hold: the caller can read again and decide anew. Nothing was
 * changed. What the refusal rests on is as durable as the store promises.
 */
public final class ConditionFailedException extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Key key;
  private final transient Optional<Version> current;

  /**
   * Names the key.
   *
   * @param key whose condition failed; the first one of a batch
   * @param condition what should have held
   * @param current the version that is there; nothing when the key is absent
   */
  public ConditionFailedException(Key key, Condition condition, Optional<Version> current) {
    super(message(key, condition, current));
    this.key = key;
    this.current = current;
  }

  private static String message(Key key, Condition condition, Optional<Version> current) {
    String expected =
        switch (condition) {
          case Condition.Always _ -> "anything";
          case Condition.Absent _ -> "no entry";
          case Condition.Present _ -> "an entry";
          case Condition.VersionAnyOf any -> "one of the versions " + any.versions();
          case Condition.VersionNoneOf none -> "none of the versions " + none.versions();
        };
    String found = current.map(version -> "version " + version).orElse("no entry");
    return "The key " + key + " should have " + expected + ", but has " + found + ".";
  }

  /** Whose condition failed; the first one of a batch. */
  public Key key() {
    return key;
  }

  /** The version that is there; nothing when the key is absent. */
  public Optional<Version> current() {
    return current;
  }
}
