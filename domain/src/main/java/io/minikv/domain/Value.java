package io.minikv.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is stored under a key: bytes of any value, also none at all.
 *
 * <p>A value in memory has at most {@value #MAX_LENGTH} bytes; a store may accept fewer ({@link
 * StoreLimits}). Larger or slower ones go through {@link KeyValueStore#openWriter} and {@link
 * KeyValueStore#openReader}.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class Value {

  /** The greatest length of a value, in bytes: 1 GiB. */
  public static final int MAX_LENGTH = 1 << 30;

  private static final Value EMPTY = new Value(new byte[0]);

  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The value without bytes. */
  public static Value empty() {
    return EMPTY;
  }

  /**
   * The value that consists of the UTF-8 bytes of a text.
   *
   * @throws InvalidRequestException when the text has an unpaired surrogate or is too long
   */
  public static Value of(String text) {
    return wrap(Utf8.encode(text, "value"));
  }

  /**
   * The value that consists of a copy of {@code bytes}.
   *
   * @throws LimitExceededException when there are more than {@link #MAX_LENGTH}
   */
  public static Value copyOf(byte[] bytes) {
    return wrap(bytes.clone());
  }

  /**
   * The value that consists of {@code bytes} themselves, without a copy. The caller gives them
   * away: from here on nobody may change them.
   *
   * @throws LimitExceededException when there are more than {@link #MAX_LENGTH}
   */
  public static Value wrap(byte[] bytes) {
    if (bytes.length > MAX_LENGTH) {
      throw new LimitExceededException("value length", bytes.length, MAX_LENGTH);
    }
    return new Value(bytes);
  }

  /** The number of bytes, 0 to {@link #MAX_LENGTH}. */
  public int length() {
    return bytes.length;
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** The bytes as a read-only buffer that shares them. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /**
   * Copies a part of the bytes.
   *
   * @param from the index of the first byte to copy
   * @param target where to
   * @param targetOffset the index in {@code target} of the first byte copied
   * @param length how many bytes
   * @throws IndexOutOfBoundsException when either side does not hold that many
   */
  public void copyTo(int from, byte[] target, int targetOffset, int length) {
    System.arraycopy(bytes, from, target, targetOffset, length);
  }

  /** The bytes read as UTF-8; malformed ones become U+FFFD. */
  public String utf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Whether the bytes are well-formed UTF-8, so that {@link #utf8()} loses nothing. */
  public boolean isUtf8() {
    return Utf8.isWellFormed(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /**
   * The length and the first bytes, for logs and test failures; never the whole of a long value.
   */
  @Override
  public String toString() {
    int shown = Math.min(bytes.length, 32);
    String start = Utf8.escape(Arrays.copyOf(bytes, shown));
    return "Value[" + bytes.length + " bytes: " + start + (shown < bytes.length ? "..." : "") + "]";
  }
}
