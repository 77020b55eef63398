package io.minikv.domain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * What an entry is found by: 1 to {@value #MAX_LENGTH} bytes of any value, ordered as unsigned
 * bytes.
 *
 * <p>Immutable and safe to share between threads.
 */
public final class Key implements Comparable<Key> {

  /** The greatest length of a key, in bytes. */
  public static final int MAX_LENGTH = 65_535;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;

  private Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The key that consists of the UTF-8 bytes of a text.
   *
   * @throws InvalidRequestException when the text is empty, has an unpaired surrogate, or is longer
   *     than {@link #MAX_LENGTH} bytes
   */
  public static Key of(String text) {
    return new Key(checkLength(Utf8.encode(text, "key")));
  }

  /**
   * The key that consists of a copy of {@code bytes}.
   *
   * @throws InvalidRequestException when there are no bytes or more than {@link #MAX_LENGTH}
   */
  public static Key copyOf(byte[] bytes) {
    return new Key(checkLength(bytes).clone());
  }

  /**
   * The key that consists of a copy of a part of {@code bytes}.
   *
   * @param from the index of its first byte
   * @param length its length in bytes
   * @throws InvalidRequestException when {@code length} is not within 1 and {@link #MAX_LENGTH}
   * @throws IndexOutOfBoundsException when the part does not lie within {@code bytes}
   */
  public static Key copyOf(byte[] bytes, int from, int length) {
    checkLength(length);
    Objects.checkFromIndexSize(from, length, bytes.length);
    return new Key(Arrays.copyOfRange(bytes, from, from + length));
  }

  private static byte[] checkLength(byte[] bytes) {
    checkLength(bytes.length);
    return bytes;
  }

  private static void checkLength(int length) {
    if (length < 1) {
      throw new InvalidRequestException(
          "The key is empty. A key has 1 to " + MAX_LENGTH + " bytes.");
    }
    if (length > MAX_LENGTH) {
      throw new LimitExceededException("key length", length, MAX_LENGTH);
    }
  }

  /** The number of bytes, 1 to {@link #MAX_LENGTH}. */
  public int length() {
    return bytes.length;
  }

  /** The byte at an index from 0 on. */
  public byte byteAt(int index) {
    return bytes[index];
  }

  /** The four bytes from an index on as a number, the lowest first. */
  public int intAt(int index) {
    return (int) INT.get(bytes, index);
  }

  /** The eight bytes from an index on as a number, the lowest first. */
  public long longAt(int index) {
    return (long) LONG.get(bytes, index);
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** The bytes as a read-only buffer that shares them. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** Copies all bytes into {@code target} from {@code targetOffset} on. */
  public void copyTo(byte[] target, int targetOffset) {
    System.arraycopy(bytes, 0, target, targetOffset, bytes.length);
  }

  /**
   * Whether the bytes of {@code other} from {@code from} (inclusive) to {@code to} (exclusive) are
   * those of this key.
   */
  public boolean contentEquals(byte[] other, int from, int to) {
    return Arrays.equals(bytes, 0, bytes.length, other, from, to);
  }

  /**
   * Whether this key begins with all the bytes of {@code prefix}; every key begins with the empty
   * prefix.
   */
  public boolean startsWith(byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** Whether the bytes are well-formed UTF-8, so that {@link #utf8()} loses nothing. */
  public boolean isUtf8() {
    return Utf8.isWellFormed(bytes);
  }

  /**
   * The bytes read as UTF-8; malformed ones become U+FFFD, which {@link #isUtf8()} tells
   * beforehand.
   */
  public String utf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Compares the bytes as unsigned numbers, first to last; a prefix comes before what it begins.
   */
  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /**
   * The key for people: printable UTF-8 as it is, a backslash as {@code \\}, every other byte as
   * {@code \xhh}. No two keys have the same form.
   */
  @Override
  public String toString() {
    return Utf8.escape(bytes);
  }
}
