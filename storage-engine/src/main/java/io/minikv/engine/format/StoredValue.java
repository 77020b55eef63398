package io.minikv.engine.format;

import io.minikv.domain.Value;

/**
 * How the value of a put is stored: in its record as it is, in its record compressed, or in a file
 * of its own that the record names.
 *
 * @param inFrame what stands in the record as the value
 * @param flag the flag of {@link Frame} that tells how it is stored; 0 for as it is
 * @param length the length of the value as it was written, 0 to {@link Value#MAX_LENGTH}
 * @param detail the number of the value file, or the codec; 0 for as it is
 */
public record StoredValue(Value inFrame, int flag, int length, long detail) {

  /** As it is. */
  public static StoredValue plain(Value value) {
    return new StoredValue(value, 0, value.length(), 0);
  }

  /** Compressed from {@code length} bytes by a codec. */
  public static StoredValue compressed(Value compressed, int length, long codec) {
    return new StoredValue(compressed, Frame.FLAG_COMPRESSED, length, codec);
  }

  /** In a file of its own. */
  public static StoredValue external(long fileNumber, int length) {
    return new StoredValue(Value.empty(), Frame.FLAG_EXTERNAL, length, fileNumber);
  }
}
