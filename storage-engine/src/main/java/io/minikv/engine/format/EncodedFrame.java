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
  private final int valueLength;

  /** A time to live that begins when the frame is placed, in milliseconds; 0 for none. */
  private final long timeToLiveMillis;

  private EncodedFrame(byte[] bytes, int headLength, int valueLength, long timeToLiveMillis) {
    this.bytes = bytes;
    this.headLength = headLength;
    this.valueLength = valueLength;
    this.timeToLiveMillis = timeToLiveMillis;
  }

  /** The record of a mutation; {@code continues} when the next one belongs to the same batch. */
  public static EncodedFrame of(Mutation mutation, boolean continues) {
    return switch (mutation) {
      case Mutation.Put put -> ofPut(put, continues);
      case Mutation.Delete delete -> ofDelete(delete, continues);
    };
  }

  private static EncodedFrame ofPut(Mutation.Put put, boolean continues) {
    byte[] attributes = AttributesCodec.encode(put.attributes());
    int keyLength = put.key().length();
    int valueLength = put.value().length();
    boolean expires = !(put.expiry() instanceof Expiry.Never);
    long frameLength = Frame.putLength(keyLength, attributes.length, valueLength, expires);
    byte[] bytes = new byte[Math.toIntExact(frameLength)];
    int flags = (continues ? Frame.FLAG_CONTINUES : 0) | (expires ? Frame.FLAG_EXPIRES : 0);
    putFixed(bytes, Frame.TYPE_PUT, flags, keyLength, valueLength, attributes.length);
    int keyAt = Frame.FIXED_LENGTH + (expires ? Long.BYTES : 0);
    if (put.expiry() instanceof Expiry.At at) {
      LittleEndian.putLong(bytes, Frame.EXPIRES_AT, at.instant().toEpochMilli());
    }
    put.key().copyTo(bytes, keyAt);
    System.arraycopy(attributes, 0, bytes, keyAt + keyLength, attributes.length);
    int headLength = keyAt + keyLength + attributes.length;
    int valueAt = headLength + Frame.CHECKSUM_LENGTH * Frame.blocks(valueLength);
    put.value().copyTo(0, bytes, valueAt, valueLength);
    checksumBlocks(bytes, headLength, valueAt, valueLength);
    long timeToLiveMillis =
        put.expiry() instanceof Expiry.After after ? after.timeToLive().toMillis() : 0;
    return new EncodedFrame(bytes, headLength, valueLength, timeToLiveMillis);
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
    EncodedFrame copy = new EncodedFrame(frame, head.length(), head.valueLength(), 0);
    copy.endBatch();
    copy.maskBlocks(file, offset);
    return copy;
  }

  private static void putFixed(
      byte[] bytes, int type, int flags, int keyLength, int valueLength, int attributesLength) {
    bytes[Frame.TYPE_AT] = (byte) type;
    bytes[Frame.FLAGS_AT] = (byte) flags;
    LittleEndian.putShort(bytes, Frame.KEY_LENGTH_AT, keyLength);
    LittleEndian.putInt(bytes, Frame.VALUE_LENGTH_AT, valueLength);
    LittleEndian.putShort(bytes, Frame.ATTRIBUTES_LENGTH_AT, attributesLength);
  }

  private static void checksumBlocks(byte[] bytes, int tableAt, int valueAt, int valueLength) {
    for (int block = 0; block < Frame.blocks(valueLength); block++) {
      int from = block * Frame.BLOCK_LENGTH;
      int length = Math.min(Frame.BLOCK_LENGTH, valueLength - from);
      LittleEndian.putInt(
          bytes,
          tableAt + block * Frame.CHECKSUM_LENGTH,
          Checksum.of(bytes, valueAt + from, length));
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
    int blocks = Frame.blocks(valueLength);
    long valueAt = offset + headLength + (long) blocks * Frame.CHECKSUM_LENGTH;
    for (int block = 0; block < blocks; block++) {
      int at = headLength + block * Frame.CHECKSUM_LENGTH;
      int mask = file.mask(valueAt + (long) block * Frame.BLOCK_LENGTH);
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

  /** The length of the value in it. */
  public int valueLength() {
    return valueLength;
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
