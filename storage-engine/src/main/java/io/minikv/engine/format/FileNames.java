package io.minikv.engine.format;

import java.util.List;
import java.util.OptionalLong;

/** The names of a store's files, built and taken apart here only. */
public final class FileNames {

  /** Held while the store is open. */
  public static final String LOCK = "LOCK";

  /** Which files are live. */
  public static final String MANIFEST = "MANIFEST";

  /** The next MANIFEST, until it is complete. */
  public static final String MANIFEST_TEMPORARY = "MANIFEST.tmp";

  /** A copy of a store that is being made; goes when the copy is complete. */
  public static final String INCOMPLETE = "INCOMPLETE";

  private static final String SEGMENT_SUFFIX = ".log";
  private static final String VALUE_SUFFIX = ".val";
  private static final String TORN_SUFFIX = ".torn";
  private static final String KEYS_SUFFIX = ".keys";
  private static final String KEYS_TEMPORARY_SUFFIX = ".keys.tmp";
  private static final String MERGED_SUFFIX = ".merged";
  private static final String SNAPSHOT_PREFIX = "INDEX-";
  private static final String TEMPORARY_SUFFIX = ".tmp";
  private static final int DIGITS = 9;
  private static final int SNAPSHOT_DIGITS = 20;
  private static final List<String> NUMBERED_SUFFIXES =
      List.of(SEGMENT_SUFFIX, VALUE_SUFFIX, TORN_SUFFIX, MERGED_SUFFIX);
  private static final String GREATEST_SEQUENCE = "0" + Long.MAX_VALUE;

  private FileNames() {}

  /** A segment. */
  public static String segment(long fileNumber) {
    return numbered(fileNumber, SEGMENT_SUFFIX);
  }

  /** A value that is in a file of its own. */
  public static String value(long fileNumber) {
    return numbered(fileNumber, VALUE_SUFFIX);
  }

  /** What was cut from the end of a segment. */
  public static String torn(long fileNumber) {
    return numbered(fileNumber, TORN_SUFFIX);
  }

  /** The key file of a segment. */
  public static String keys(long fileNumber) {
    return numbered(fileNumber, KEYS_SUFFIX);
  }

  /** The next key file of a segment, until it is complete. */
  public static String keysTemporary(long fileNumber) {
    return numbered(fileNumber, KEYS_TEMPORARY_SUFFIX);
  }

  /** The segment of a key file's name, complete or not; nothing for any other name. */
  public static OptionalLong keysNumber(String name) {
    OptionalLong complete = number(name, KEYS_SUFFIX);
    return complete.isPresent() ? complete : number(name, KEYS_TEMPORARY_SUFFIX);
  }

  /** A merged key file. */
  public static String merged(long fileNumber) {
    return numbered(fileNumber, MERGED_SUFFIX);
  }

  /** The number of a merged key file's name; nothing for any other name. */
  public static OptionalLong mergedNumber(String name) {
    return number(name, MERGED_SUFFIX);
  }

  /** Whether it is the name of a key file of any kind, complete or not. */
  public static boolean isOfKeys(String name) {
    return keysNumber(name).isPresent() || mergedNumber(name).isPresent();
  }

  /** The number of a segment's name; nothing for any other name. */
  public static OptionalLong segmentNumber(String name) {
    return number(name, SEGMENT_SUFFIX);
  }

  /** The number of a value file's name; nothing for any other name. */
  public static OptionalLong valueNumber(String name) {
    return number(name, VALUE_SUFFIX);
  }

  /** The number in any numbered name; nothing for any other name. */
  public static OptionalLong fileNumber(String name) {
    for (String suffix : NUMBERED_SUFFIXES) {
      OptionalLong number = number(name, suffix);
      if (number.isPresent()) {
        return number;
      }
    }
    return keysNumber(name);
  }

  /** The index snapshot of a sequence number. */
  public static String snapshot(long sequence) {
    String digits = Long.toString(sequence);
    return SNAPSHOT_PREFIX + "0".repeat(Math.max(0, SNAPSHOT_DIGITS - digits.length())) + digits;
  }

  /** The same, until it is complete. */
  public static String snapshotTemporary(long sequence) {
    return snapshot(sequence) + TEMPORARY_SUFFIX;
  }

  /** Whether it is the name of an index snapshot, complete or not. */
  public static boolean isSnapshot(String name) {
    return snapshotSequence(name).isPresent()
        || (name.endsWith(TEMPORARY_SUFFIX)
            && snapshotSequence(name.substring(0, name.length() - TEMPORARY_SUFFIX.length()))
                .isPresent());
  }

  /** The sequence number of an index snapshot's name; nothing for any other name. */
  public static OptionalLong snapshotSequence(String name) {
    int length = SNAPSHOT_PREFIX.length() + SNAPSHOT_DIGITS;
    if (name.length() != length
        || !name.startsWith(SNAPSHOT_PREFIX)
        || !hasDigitsFrom(name, SNAPSHOT_PREFIX.length())) {
      return OptionalLong.empty();
    }
    String digits = name.substring(SNAPSHOT_PREFIX.length());
    return digits.compareTo(GREATEST_SEQUENCE) <= 0
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }

  private static String numbered(long fileNumber, String suffix) {
    String digits = Long.toString(fileNumber);
    return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits + suffix;
  }

  private static boolean hasDigitsFrom(String name, int from) {
    for (int i = from; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static OptionalLong number(String name, String suffix) {
    if (!name.endsWith(suffix)) {
      return OptionalLong.empty();
    }
    String digits = name.substring(0, name.length() - suffix.length());
    if (digits.length() < DIGITS || digits.length() > 18 || !hasDigitsFrom(digits, 0)) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(digits);
    return numbered(number, suffix).equals(name) ? OptionalLong.of(number) : OptionalLong.empty();
  }
}
