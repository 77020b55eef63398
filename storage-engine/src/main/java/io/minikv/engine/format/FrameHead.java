package io.minikv.engine.format;

import io.minikv.domain.Attributes;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import java.util.Arrays;

/**
 * The part of a frame before the value and its checksums, read from a file. First its fixed part is
 * looked at ({@link #parse}), which tells how long the whole head is; then the head is checked
 * ({@link #isIntact}).
 *
 * <p>Holds on to the array it was parsed from; for one thread at a time.
 */
public final class FrameHead {

  private static final int PUT_FLAGS =
      Frame.FLAG_CONTINUES | Frame.FLAG_EXPIRES | Frame.FLAG_EXTERNAL | Frame.FLAG_COMPRESSED;

  private final byte[] bytes;
  private final int at;

  private FrameHead(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  /**
   * Looks at {@link Frame#FIXED_LENGTH} bytes of an array in which the whole head can be read
   * later.
   *
   * @throws FormatException when no frame begins so; nothing is known then of where the next one
   *     begins
   */
  public static FrameHead parse(byte[] bytes, int at) throws FormatException {
    FrameHead head = new FrameHead(bytes, at);
    if (!head.isShaped()) {
      throw new FormatException(FormatException.Kind.DAMAGED, "has no frame there");
    }
    return head;
  }

  /**
   * The durable offset that a watermark tells; 0 when no intact one lies there, which is no error
   * where one is searched for.
   *
   * @param bytes hold all of it, if it is one
   * @param offset where it lies in its file
   */
  public static long durableOffset(byte[] bytes, int at, FileIdentity file, long offset) {
    FrameHead head = new FrameHead(bytes, at);
    boolean isWatermark = head.isShaped() && !head.isRecord() && head.isIntact(file, offset);
    return isWatermark ? head.durableOffset() : 0;
  }

  private boolean isShaped() {
    int flags = flags();
    boolean ofItsType =
        switch (type()) {
          case Frame.TYPE_PUT ->
              keyLength() > 0
                  && sequence() > 0
                  && storedLength() >= 0
                  && (flags & ~PUT_FLAGS) == 0
                  && !(isExternal() && (isCompressed() || storedLength() > 0));
          case Frame.TYPE_TOMBSTONE ->
              keyLength() > 0
                  && sequence() > 0
                  && storedLength() == 0
                  && attributesLength() == 0
                  && (flags & ~Frame.FLAG_CONTINUES) == 0;
          case Frame.TYPE_WATERMARK ->
              keyLength() == 0
                  && storedLength() == 0
                  && attributesLength() == 0
                  && (flags & ~Frame.FLAG_SEAL) == 0;
          default -> false;
        };
    return ofItsType
        && attributesLength() <= Frame.MAX_ATTRIBUTES_LENGTH
        && LittleEndian.getUnsignedShort(bytes, at + Frame.ZERO_AT) == 0;
  }

  /** Whether the checksum of the whole head fits, which must be in the array by now. */
  public boolean isIntact(FileIdentity file, long offset) {
    int stored = LittleEndian.getInt(bytes, at + Frame.CHECKSUM_AT);
    return stored
            == (Checksum.of(bytes, at + Frame.TYPE_AT, length() - Frame.TYPE_AT)
                ^ file.mask(offset))
        && (!isStoredOtherwise() || isLength(storageField(0)));
  }

  /**
   * Whether the checksums of what is stored as the value fit.
   *
   * @param frame holds the whole frame
   * @param frameAt where it begins there
   * @param offset where it begins in its file
   */
  public boolean isStoredIntact(byte[] frame, int frameAt, FileIdentity file, long offset) {
    int storedLength = storedLength();
    long storedAt = storedAt();
    int checksumAt = frameAt + length();
    for (int from = 0; from < storedLength; from += Frame.BLOCK_LENGTH) {
      int length = Math.min(Frame.BLOCK_LENGTH, storedLength - from);
      int expected = LittleEndian.getInt(frame, checksumAt) ^ file.mask(offset + storedAt + from);
      if (Checksum.of(frame, (int) (frameAt + storedAt + from), length) != expected) {
        return false;
      }
      checksumAt += Frame.CHECKSUM_LENGTH;
    }
    return true;
  }

  /** Whether the array that it was parsed from has room for the whole frame. */
  public boolean isInWholeFrame() {
    return frameLength() <= bytes.length - at;
  }

  /**
   * Copies what is stored as the value to the start of an array, if its checksums fit. The array
   * that the head was parsed from must hold the whole frame.
   *
   * @param offset where the frame begins in its file
   * @return whether they fit
   */
  public boolean copyStored(byte[] target, FileIdentity file, long offset) {
    if (!isStoredIntact(bytes, at, file, offset)) {
      return false;
    }
    System.arraycopy(bytes, at + (int) storedAt(), target, 0, storedLength());
    return true;
  }

  private static boolean isLength(long length) {
    return length >= 0 && length <= Value.MAX_LENGTH;
  }

  /** The length of the head, in bytes. */
  public int length() {
    return keyAt() - at + keyLength() + attributesLength();
  }

  /** The length of the whole frame, a multiple of {@link Frame#ALIGNMENT}. */
  public long frameLength() {
    return Frame.align(storedAt() + storedLength());
  }

  /** Where the stored value begins, from the start of the frame. */
  public long storedAt() {
    return length() + (long) Frame.CHECKSUM_LENGTH * Frame.blocks(storedLength());
  }

  /** One of the types of {@link Frame}. */
  public int type() {
    return bytes[at + Frame.TYPE_AT];
  }

  /** Whether it is a put or a tombstone. */
  public boolean isRecord() {
    return type() != Frame.TYPE_WATERMARK;
  }

  /** Whether the value lies behind the head as it was put. */
  public boolean isPlain() {
    return (flags() & ~(Frame.FLAG_CONTINUES | Frame.FLAG_EXPIRES)) == 0;
  }

  /** Copies the key of a record into {@code target} from {@code targetAt} on. */
  public void copyKey(byte[] target, int targetAt) {
    System.arraycopy(bytes, keyAt(), target, targetAt, keyLength());
  }

  /** Whether the next record belongs to the same batch. */
  public boolean continues() {
    return isRecord() && (flags() & Frame.FLAG_CONTINUES) != 0;
  }

  /** Whether it is a watermark behind which the segment ends. */
  public boolean isSeal() {
    return !isRecord() && (flags() & Frame.FLAG_SEAL) != 0;
  }

  private int flags() {
    return bytes[at + Frame.FLAGS_AT];
  }

  private boolean hasPutFlag(int flag) {
    return type() == Frame.TYPE_PUT && (flags() & flag) != 0;
  }

  /** Whether the value of a put is in a file of its own. */
  public boolean isExternal() {
    return hasPutFlag(Frame.FLAG_EXTERNAL);
  }

  /** Whether the value of a put is compressed. */
  public boolean isCompressed() {
    return hasPutFlag(Frame.FLAG_COMPRESSED);
  }

  private boolean isStoredOtherwise() {
    return hasPutFlag(Frame.FLAG_EXTERNAL | Frame.FLAG_COMPRESSED);
  }

  /** The number of the file that holds the value, of a put that {@link #isExternal}. */
  public long valueFile() {
    return storageField(Long.BYTES);
  }

  /** The codec of the value, of a put that {@link #isCompressed}. */
  public long codec() {
    return storageField(Long.BYTES);
  }

  private long storageField(int offset) {
    return LittleEndian.getLong(bytes, at + Frame.storageAt(flags()) + offset);
  }

  private boolean expires() {
    return hasPutFlag(Frame.FLAG_EXPIRES);
  }

  /** The length of the key; 0 for a watermark. */
  public int keyLength() {
    return LittleEndian.getUnsignedShort(bytes, at + Frame.KEY_LENGTH_AT);
  }

  /**
   * The length of what stands in the frame as the value: of the value itself, or of what it was
   * compressed to; 0 when it is in a file of its own, and for anything but a put.
   */
  public int storedLength() {
    return LittleEndian.getInt(bytes, at + Frame.STORED_LENGTH_AT);
  }

  /**
   * The length of the value as it was written, 0 to {@link Value#MAX_LENGTH}, wherever and however
   * it is stored; 0 for anything but a put.
   */
  public int valueLength() {
    return isStoredOtherwise() ? (int) storageField(0) : storedLength();
  }

  private int attributesLength() {
    return LittleEndian.getUnsignedShort(bytes, at + Frame.ATTRIBUTES_LENGTH_AT);
  }

  /** The sequence number of a record; of a watermark the last one handed out before it. */
  public long sequence() {
    return LittleEndian.getLong(bytes, at + Frame.SEQUENCE_AT);
  }

  /**
   * Of a watermark: all bytes of the segment before this offset are durable, and so are all
   * segments before it.
   */
  public long durableOffset() {
    return LittleEndian.getLong(bytes, at + Frame.TIME_AT);
  }

  /** When a record was written, in milliseconds since 1970. */
  public long writtenAtMillis() {
    return LittleEndian.getLong(bytes, at + Frame.TIME_AT);
  }

  /**
   * When the entry of a put goes, in milliseconds since 1970, or {@link EntryInfo#NEVER_MILLIS}.
   */
  public long expiresAtMillis() {
    return expires() ? LittleEndian.getLong(bytes, at + Frame.EXPIRES_AT) : EntryInfo.NEVER_MILLIS;
  }

  private int keyAt() {
    return at + (type() == Frame.TYPE_PUT ? Frame.keyAt(flags()) : Frame.FIXED_LENGTH);
  }

  /** Whether the key of a record is this one. */
  public boolean hasKey(Key key) {
    return key.contentEquals(bytes, keyAt(), keyAt() + keyLength());
  }

  /** Compares the key of a record with another one, as unsigned bytes. */
  public int compareKey(byte[] key) {
    return Arrays.compareUnsigned(bytes, keyAt(), keyAt() + keyLength(), key, 0, key.length);
  }

  /** The key of a record. */
  public Key key() {
    return Key.copyOf(bytes, keyAt(), keyLength());
  }

  /** All that a put tells of its entry but the value. */
  public EntryInfo info(Key key) throws FormatException {
    Attributes attributes =
        AttributesCodec.decode(bytes, keyAt() + keyLength(), attributesLength());
    return new EntryInfo(
        key,
        new Version(sequence()),
        valueLength(),
        attributes,
        writtenAtMillis(),
        expiresAtMillis());
  }
}
