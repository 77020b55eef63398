package io.minikv.domain;

import java.util.Optional;
import java.util.Set;

/**
 * What must hold of a key for a write to happen. It is decided atomically with the write, against
 * all writes before it. An expired entry counts as absent.
 */
public sealed interface Condition {

  /** Whatever is there. */
  static Condition always() {
    return Always.ALWAYS;
  }

  /** Only when the key is absent. */
  static Condition absent() {
    return Absent.ABSENT;
  }

  /** Only when the key is present, in any version. */
  static Condition present() {
    return Present.PRESENT;
  }

  /** Only when the key is present in exactly this version. */
  static Condition versionIs(Version version) {
    return new VersionAnyOf(Set.of(version));
  }

  /** Only when the key is present in one of these versions; with no versions it never holds. */
  static Condition versionAnyOf(Set<Version> versions) {
    return new VersionAnyOf(versions);
  }

  /** Only when the key is absent, or present in none of these versions. */
  static Condition versionNoneOf(Set<Version> versions) {
    return new VersionNoneOf(versions);
  }

  /**
   * Whether it holds.
   *
   * @param current the version under the key, or nothing when the key is absent
   */
  boolean isMetBy(Optional<Version> current);

  /** See {@link Condition#always()}. */
  enum Always implements Condition {
    /** The only one. */
    ALWAYS;

    @Override
    public boolean isMetBy(Optional<Version> current) {
      return true;
    }
  }

  /** See {@link Condition#absent()}. */
  enum Absent implements Condition {
    /** The only one. */
    ABSENT;

    @Override
    public boolean isMetBy(Optional<Version> current) {
      return current.isEmpty();
    }
  }

  /** See {@link Condition#present()}. */
  enum Present implements Condition {
    /** The only one. */
    PRESENT;

    @Override
    public boolean isMetBy(Optional<Version> current) {
      return current.isPresent();
    }
  }

  /**
   * See {@link Condition#versionAnyOf(Set)}.
   *
   * @param versions those that are allowed
   */
  record VersionAnyOf(Set<Version> versions) implements Condition {

    /** Keeps a copy. */
    public VersionAnyOf {
      versions = Set.copyOf(versions);
    }

    @Override
    public boolean isMetBy(Optional<Version> current) {
      return current.isPresent() && versions.contains(current.get());
    }
  }

  /**
   * See {@link Condition#versionNoneOf(Set)}.
   *
   * @param versions those that are not allowed
   */
  record VersionNoneOf(Set<Version> versions) implements Condition {

    /** Keeps a copy. */
    public VersionNoneOf {
      versions = Set.copyOf(versions);
    }

    @Override
    public boolean isMetBy(Optional<Version> current) {
      return current.isEmpty() || !versions.contains(current.get());
    }
  }
}
