package io.minikv.engine.segment;

import io.minikv.engine.format.Checksum;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.LittleEndian;
import java.io.IOException;

/**
 * What stands in the frames of a segment as values: blocks, each of which is verified by a checksum
 * of its own. Thread-safe.
 */
final class CheckedBlocks {

  private final SegmentBytes bytes;
  private final FileIdentity identity;

  CheckedBlocks(SegmentBytes bytes, FileIdentity identity) {
    this.bytes = bytes;
    this.identity = identity;
  }

  /** What so many bytes of value take with their checksums. */
  static long lengthOf(int valueLength) {
    return (long) Frame.CHECKSUM_LENGTH * Frame.blocks(valueLength) + valueLength;
  }

  /**
   * Reads all blocks of a value, and verifies them.
   *
   * @param checksumsAt where their checksums begin, right behind which the value does
   * @throws DamagedSegmentException when one of them is damaged
   */
  void readAll(long checksumsAt, byte[] target, int length) throws IOException {
    long valueAt = checksumsAt + lengthOf(length) - length;
    if (length > 0 && length <= Frame.BLOCK_LENGTH) {
      verify(valueAt, target, 0, length, bytes.readBehindNumber(valueAt, target, length));
    } else {
      read(checksumsAt, valueAt, target, 0, length);
    }
  }

  /**
   * Reads blocks, and verifies them.
   *
   * @param checksumsAt where their checksums begin
   * @param valueAt where the first one begins
   * @throws DamagedSegmentException when one of them is damaged
   */
  void read(long checksumsAt, long valueAt, byte[] target, int targetOffset, int length)
      throws IOException {
    if (length == 0) {
      return;
    }
    byte[] checksums = new byte[Frame.CHECKSUM_LENGTH * Frame.blocks(length)];
    bytes.read(checksumsAt, checksums, 0, checksums.length);
    bytes.read(valueAt, target, targetOffset, length);
    for (int at = 0, block = 0; at < length; at += Frame.BLOCK_LENGTH, block++) {
      int blockLength = Math.min(Frame.BLOCK_LENGTH, length - at);
      int checksum = LittleEndian.getInt(checksums, block * Frame.CHECKSUM_LENGTH);
      verify(valueAt + at, target, targetOffset + at, blockLength, checksum);
    }
  }

  /** Verifies a block by the checksum that was read for it. */
  void verify(long position, byte[] block, int from, int length, int checksum)
      throws DamagedSegmentException {
    if (Checksum.of(block, from, length) != (checksum ^ identity.mask(position))) {
      throw new DamagedSegmentException(
          bytes.file().name(), position, "has a value whose checksum does not fit");
    }
  }
}
