package io.minikv.domain;

import java.util.Optional;

/**
 * What is stored is not what was written: a checksum does not fit. Other keys are not affected. The
 * caller can restore the entry from elsewhere by writing it again.
 */
public final class DamagedDataException extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Optional<Key> key;
  private final String file;

  /**
   * Names the place.
   *
   * @param message what is wrong, where exactly, and what to do
   * @param key whose entry is damaged; nothing when that cannot be told
   * @param file the name of the damaged file
   */
  public DamagedDataException(String message, Optional<Key> key, String file) {
    super(message);
    this.key = key;
    this.file = file;
  }

  /** Whose entry is damaged; nothing when that cannot be told. */
  public Optional<Key> key() {
    return key;
  }

  /** The name of the damaged file. */
  public String file() {
    return file;
  }
}
