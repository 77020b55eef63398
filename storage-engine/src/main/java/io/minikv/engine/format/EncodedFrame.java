package io.minikv.engine.format;

import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Mutation;

/**
 * A frame ready to be written but for what is known only at its place in the log: sequence number,
 * time, and the masks of its checksums, which {@link #place} adds. All that costs time is done
 * before, outside of any lock.
 *
 * <p>For one thread at a time.
 */
public final class EncodedFrame {

  private final byte[] bytes;
  private final int headLength;
  private final int storedLength;

  /** A time to live that begins when the frame is placed, in milliseconds; 0 for none. */
  private final long timeToLiveMillis;

  private EncodedFrame(byte[] bytes, int headLength, int storedLength, long timeToLiveMillis) {
    this.bytes = bytes;
    this.headLength = headLength;
    this.storedLength = storedLength;
    this.timeToLiveMillis = timeToLiveMillis;
  }

  /** The record of a mutation; {@code continues} when the next one belongs to the same batch. */
  public static EncodedFrame of(Mutation mutation, boolean continues) {
    return switch (mutation) {
      case Mutation.Put put -> of(put, StoredValue.plain(put.value()), continues);
      case Mutation.Delete delete -> ofDelete(delete, continues);
    };
  }

  /** The record of a put whose value is stored in a way that the caller has chosen. */
  public static EncodedFrame of(Mutation.Put put, StoredValue stored, boolean continues) {
    byte[] attributes = AttributesCodec.encode(put.attributes());
    int keyLength = put.key().length();
    int storedLength = stored.inFrame().length();
    boolean expires = !(put.expiry() instanceof Expiry.Never);
    int flags =
        (continues ? Frame.FLAG_CONTINUES : 0) | (expires ? Frame.FLAG_EXPIRES : 0) | stored.flag();
    long frameLength = Frame.putLength(flags, keyLength, attributes.length, storedLength);
    byte[] bytes = new byte[Math.toIntExact(frameLength)];
    putFixed(bytes, Frame.TYPE_PUT, flags, keyLength, storedLength, attributes.length);
    if (put.expiry() instanceof Expiry.At at) {
      LittleEndian.putLong(bytes, Frame.EXPIRES_AT, at.instant().toEpochMilli());
    }
    if (stored.flag() != 0) {
      LittleEndian.putLong(bytes, Frame.storageAt(flags), stored.length());
      LittleEndian.putLong(bytes, Frame.storageAt(flags) + Long.BYTES, stored.detail());
    }
    int keyAt = Frame.keyAt(flags);
    put.key().copyTo(bytes, keyAt);
    System.arraycopy(attributes, 0, bytes, keyAt + keyLength, attributes.length);
    int headLength = keyAt + keyLength + attributes.length;
    int storedAt = headLength + Frame.CHECKSUM_LENGTH * Frame.blocks(storedLength);
    stored.inFrame().copyTo(0, bytes, storedAt, storedLength);
    checksumBlocks(bytes, headLength, storedAt, storedLength);
    long timeToLiveMillis =
        put.expiry() instanceof Expiry.After after ? after.timeToLive().toMillis() : 0;
    return new EncodedFrame(bytes, headLength, storedLength, timeToLiveMillis);
  }

  private static EncodedFrame ofDelete(Mutation.Delete delete, boolean continues) {
    int keyLength = delete.key().length();
    byte[] bytes = new byte[(int) Frame.align(Frame.FIXED_LENGTH + keyLength)];
    putFixed(bytes, Frame.TYPE_TOMBSTONE, continues ? Frame.FLAG_CONTINUES : 0, keyLength, 0, 0);
    delete.key().copyTo(bytes, Frame.FIXED_LENGTH);
    return new EncodedFrame(bytes, Frame.FIXED_LENGTH + keyLength, 0, 0);
  }

  /** A complete watermark for its place. */
  public static byte[] watermark(
      FileIdentity file, long offset, long lastSequence, long durableOffset, boolean seal) {
    byte[] bytes = new byte[Frame.WATERMARK_LENGTH];
    putFixed(bytes, Frame.TYPE_WATERMARK, seal ? Frame.FLAG_SEAL : 0, 0, 0, 0);
    LittleEndian.putLong(bytes, Frame.SEQUENCE_AT, lastSequence);
    LittleEndian.putLong(bytes, Frame.TIME_AT, durableOffset);
    checksumHead(bytes, bytes.length, file, offset);
    return bytes;
  }

  /**
   * A record as it stands in one file, to be placed in another, on its own even when it was part of
   * a batch.
   */
  public static EncodedFrame copyOf(byte[] frame, FrameHead head, FileIdentity file, long offset) {
    EncodedFrame copy = new EncodedFrame(frame, head.length(), head.storedLength(), 0);
    copy.endBatch();
    copy.maskBlocks(file, offset);
    return copy;
  }

  private static void putFixed(
      byte[] bytes, int type, int flags, int keyLength, int storedLength, int attributesLength) {
    bytes[Frame.TYPE_AT] = (byte) type;
    bytes[Frame.FLAGS_AT] = (byte) flags;
    LittleEndian.putShort(bytes, Frame.KEY_LENGTH_AT, keyLength);
    LittleEndian.putInt(bytes, Frame.STORED_LENGTH_AT, storedLength);
    LittleEndian.putShort(bytes, Frame.ATTRIBUTES_LENGTH_AT, attributesLength);
  }

  private static void checksumBlocks(byte[] bytes, int tableAt, int storedAt, int storedLength) {
    for (int block = 0; block < Frame.blocks(storedLength); block++) {
      int from = block * Frame.BLOCK_LENGTH;
      int length = Math.min(Frame.BLOCK_LENGTH, storedLength - from);
      LittleEndian.putInt(
          bytes,
          tableAt + block * Frame.CHECKSUM_LENGTH,
          Checksum.of(bytes, storedAt + from, length));
    }
  }

  private static void checksumHead(byte[] bytes, int headLength, FileIdentity file, long offset) {
    int checksum = Checksum.of(bytes, Frame.TYPE_AT, headLength - Frame.TYPE_AT);
    LittleEndian.putInt(bytes, Frame.CHECKSUM_AT, checksum ^ file.mask(offset));
  }

  /** Gives a new record its sequence number and time. A time to live begins at that time. */
  public void stamp(long sequence, long nowMillis) {
    LittleEndian.putLong(bytes, Frame.SEQUENCE_AT, sequence);
    LittleEndian.putLong(bytes, Frame.TIME_AT, nowMillis);
    if (timeToLiveMillis != 0) {
      LittleEndian.putLong(bytes, Frame.EXPIRES_AT, nowMillis + timeToLiveMillis);
    }
  }

  /** Makes this record the last one of its batch. */
  public void endBatch() {
    bytes[Frame.FLAGS_AT] &= (byte) ~Frame.FLAG_CONTINUES;
  }

  /** Binds the frame to its place; the last step before it is written. */
  public void place(FileIdentity file, long offset) {
    maskBlocks(file, offset);
    checksumHead(bytes, headLength, file, offset);
  }

  /**
   * Combines each checksum of the value with the mask of its place; a second time takes the mask
   * away again.
   */
  private void maskBlocks(FileIdentity file, long offset) {
    int blocks = Frame.blocks(storedLength);
    long storedAt = offset + headLength + (long) blocks * Frame.CHECKSUM_LENGTH;
    for (int block = 0; block < blocks; block++) {
      int at = headLength + block * Frame.CHECKSUM_LENGTH;
      int mask = file.mask(storedAt + (long) block * Frame.BLOCK_LENGTH);
      LittleEndian.putInt(bytes, at, LittleEndian.getInt(bytes, at) ^ mask);
    }
  }

  /** The whole frame, not to be changed; complete after {@link #place}. */
  public byte[] bytes() {
    return bytes;
  }

  /** Its length, a multiple of {@link Frame#ALIGNMENT}. */
  public int length() {
    return bytes.length;
  }

  /** The length of the value of a put as it was written; 0 for a tombstone. */
  public int valueLength() {
    return isStoredOtherwise()
        ? (int) LittleEndian.getLong(bytes, Frame.storageAt(bytes[Frame.FLAGS_AT]))
        : storedLength;
  }

  /** Whether the value is in a file of its own. */
  public boolean isExternal() {
    return (bytes[Frame.FLAGS_AT] & Frame.FLAG_EXTERNAL) != 0;
  }

  /** The number of the file that holds the value, of a put that {@link #isExternal}. */
  public long valueFile() {
    return LittleEndian.getLong(bytes, Frame.storageAt(bytes[Frame.FLAGS_AT]) + Long.BYTES);
  }

  private boolean isStoredOtherwise() {
    return (bytes[Frame.FLAGS_AT] & (Frame.FLAG_EXTERNAL | Frame.FLAG_COMPRESSED)) != 0;
  }

  /**
   * When the entry goes, in milliseconds since 1970, or {@link EntryInfo#NEVER_MILLIS}; known after
   * {@link #stamp}.
   */
  public long expiresAtMillis() {
    return (bytes[Frame.FLAGS_AT] & Frame.FLAG_EXPIRES) != 0
            && bytes[Frame.TYPE_AT] == Frame.TYPE_PUT
        ? LittleEndian.getLong(bytes, Frame.EXPIRES_AT)
        : EntryInfo.NEVER_MILLIS;
  }
}
