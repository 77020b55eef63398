package io.minikv.engine.format;

import java.util.Arrays;

/**
 * What stands behind the value in a value file: the checksums of its blocks, and the footer. See
 * {@code docs/format/value-file.md}.
 *
 * <pre>
 *     4b  for each 65,536 bytes of value: CRC-32C XOR mask
 * +0   8  length of the value
 * +8   4  zero
 * +12  4  CRC-32C of all from the first checksum on, XOR mask
 * </pre>
 *
 * <p>For one thread at a time.
 */
public final class ValueFileTrailer {

  private static final int FOOTER_LENGTH = 16;
  private static final int FOOTER_CHECKSUM_AT = 12;
  private static final int FIRST_CAPACITY = 64;

  private final FileIdentity file;

  /** Where in the file the value begins. */
  private final long valueAt;

  /** The checksums of the blocks so far. */
  private int[] checksums = new int[FIRST_CAPACITY];

  private int blocks;

  /** Without blocks as yet, for the value of a file that begins at an offset of it. */
  public ValueFileTrailer(FileIdentity file, long valueAt) {
    this.file = file;
    this.valueAt = valueAt;
  }

  /** How long the trailer of a value of that length is, in bytes. */
  public static int length(int valueLength) {
    return Frame.CHECKSUM_LENGTH * Frame.blocks(valueLength) + FOOTER_LENGTH;
  }

  /** The length of the value that a footer tells, which was not verified. */
  public static long valueLength(byte[] footer) {
    return LittleEndian.getLong(footer, 0);
  }

  /**
   * Takes the next block of the value into account: {@link Frame#BLOCK_LENGTH} bytes, or the rest.
   */
  public void add(byte[] bytes, int from, int length) {
    if (blocks == checksums.length) {
      checksums = Arrays.copyOf(checksums, blocks * 2);
    }
    checksums[blocks] = checksum(bytes, from, length, blocks);
    blocks++;
  }

  /** Whether bytes are those of a block. */
  public boolean matches(int block, byte[] bytes, int from, int length) {
    return block < blocks && checksums[block] == checksum(bytes, from, length, block);
  }

  private int checksum(byte[] bytes, int from, int length, int block) {
    return Checksum.of(bytes, from, length)
        ^ file.mask(valueAt + (long) block * Frame.BLOCK_LENGTH);
  }

  /** The trailer as bytes, for a value of that length, all blocks of which were added. */
  public byte[] encode(int valueLength) {
    byte[] bytes = new byte[length(valueLength)];
    for (int block = 0; block < blocks; block++) {
      LittleEndian.putInt(bytes, block * Frame.CHECKSUM_LENGTH, checksums[block]);
    }
    int footerAt = bytes.length - FOOTER_LENGTH;
    LittleEndian.putLong(bytes, footerAt, valueLength);
    LittleEndian.putInt(bytes, footerAt + FOOTER_CHECKSUM_AT, checksum(bytes, valueLength));
    return bytes;
  }

  private int checksum(byte[] trailer, int valueLength) {
    return Checksum.of(trailer, 0, trailer.length - Frame.CHECKSUM_LENGTH)
        ^ file.mask(valueAt + valueLength);
  }

  /**
   * Reads what {@link #encode} wrote for a value of that length.
   *
   * @throws FormatException when it does not fit
   */
  public static ValueFileTrailer decode(
      byte[] bytes, FileIdentity file, long valueAt, int valueLength) throws FormatException {
    ValueFileTrailer trailer = new ValueFileTrailer(file, valueAt);
    trailer.blocks = Frame.blocks(valueLength);
    trailer.checksums = new int[trailer.blocks];
    int footerAt = bytes.length - FOOTER_LENGTH;
    if (LittleEndian.getInt(bytes, footerAt + FOOTER_CHECKSUM_AT)
            != trailer.checksum(bytes, valueLength)
        || LittleEndian.getLong(bytes, footerAt) != valueLength
        || LittleEndian.getInt(bytes, footerAt + Long.BYTES) != 0) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has checksums whose own checksum does not fit");
    }
    for (int block = 0; block < trailer.blocks; block++) {
      trailer.checksums[block] = LittleEndian.getInt(bytes, block * Frame.CHECKSUM_LENGTH);
    }
    return trailer;
  }
}
