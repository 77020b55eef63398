package io.minikv.domain;

/**
 * A position among the entries of a scan; before the first one at first. For one thread at a time.
 * Holds on to disk space until it is closed; a cursor that is dropped without closing is reported
 * in the log.
 */
public interface Cursor extends AutoCloseable {

  /**
   * Moves to the next entry.
   *
   * @return false when there is none; the cursor then has no position
   * @throws DamagedDataException when that entry cannot be read; the next call goes on behind it
   * @throws CursorExpiredException when the maximum age of the scan is over
   * @throws StoreClosedException when the store or this cursor was closed
   */
  boolean next();

  /**
   * The key at the position.
   *
   * @throws IllegalStateException when there is no position
   */
  Key key();

  /**
   * All but the value at the position.
   *
   * @throws IllegalStateException when there is no position
   */
  EntryInfo info();

  /**
   * The value at the position.
   *
   * @throws IllegalStateException when there is no position, or the scan was opened for keys only
   * @throws DamagedDataException when it cannot be read; the cursor can go on
   */
  Value value();

  /**
   * Copies the key at the position to the start of an array: {@link #key} for callers that would
   * rather not have an object made for each entry. Of a key that is longer than the array they get
   * the beginning.
   *
   * @return the length of the key in bytes, also when that is more than the array holds
   * @throws IllegalStateException when there is no position
   */
  default int readKey(byte[] target) {
    Key key = key();
    if (key.length() <= target.length) {
      key.copyTo(target, 0);
    } else {
      System.arraycopy(key.toByteArray(), 0, target, 0, target.length);
    }
    return key.length();
  }

  /**
   * Copies the value at the position to the start of an array: {@link #value} for callers that
   * would rather not have an object made for each entry. Of a value that is longer than the array
   * they get the beginning. When it fails, the array may hold anything.
   *
   * @return the length of the value in bytes, also when that is more than the array holds
   * @throws IllegalStateException as {@link #value()}
   * @throws DamagedDataException as {@link #value()}
   */
  default int readValue(byte[] target) {
    Value value = value();
    value.copyTo(0, target, 0, Math.min(value.length(), target.length));
    return value.length();
  }

  /**
   * The entry at the position.
   *
   * @throws IllegalStateException as {@link #value()}
   */
  default Entry entry() {
    return new Entry(info(), value());
  }

  /** Gives back what it holds. Closing again does nothing. */
  @Override
  void close();
}
