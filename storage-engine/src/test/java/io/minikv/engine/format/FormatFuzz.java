package io.minikv.engine.format;

import io.minikv.domain.Attributes;
import java.util.Arrays;

/**
 * Any bytes as one of the things that files are made of, with a checksum that fits: they are
 * refused, or stand for something that has exactly these bytes.
 */
public final class FormatFuzz {

  private static final FileIdentity FILE = new FileIdentity(new StoreId(1, 2), 3);

  private FormatFuzz() {}

  /** Called by the fuzzer; the first byte chooses. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(data, 1, data.length);
    try {
      requireSame(bytes, decodeAndEncode(data[0] & 7, bytes));
    } catch (FormatException e) {
      if (e.getMessage().isBlank()) {
        throw new AssertionError("It does not say what is wrong.", e);
      }
    }
  }

  /** Gives the checksum in the bytes, and what they stand for as bytes again. */
  private static byte[] decodeAndEncode(int kind, byte[] bytes) throws FormatException {
    return switch (kind) {
      case 0 -> SegmentHeader.decode(forged(bytes, "MKVSEGMT", 60)).encode();
      case 1 -> KeyFileHeader.decode(forged(bytes, "MKVKEYSF", 60)).encode();
      case 2 ->
          SnapshotHeader.decode(forged(bytes, "MKVINDEX", 124), lengthOfSnapshot(bytes)).encode();
      case 3 -> Manifest.decode(forged(bytes, "MKVMANIF", bytes.length - 4)).encode();
      case 4 -> ValueFileHeader.decode(forged(bytes, "MKVVALUE", bytes.length - 4)).encode();
      case 5 -> attributes(bytes);
      case 6 -> frame(bytes);
      default -> segments(bytes);
    };
  }

  /** With the right first bytes, the format version of today, and a checksum. */
  private static byte[] forged(byte[] bytes, String magic, int checksumAt) {
    if (checksumAt > 10 && checksumAt + 4 <= bytes.length) {
      for (int i = 0; i < magic.length(); i++) {
        bytes[i] = (byte) magic.charAt(i);
      }
      LittleEndian.putShort(bytes, 8, 1);
      LittleEndian.putInt(bytes, checksumAt, Checksum.of(bytes, 0, checksumAt));
    }
    return bytes;
  }

  private static long lengthOfSnapshot(byte[] bytes) {
    return bytes.length < SnapshotHeader.LENGTH
        ? bytes.length
        : SnapshotHeader.LENGTH
            + SnapshotSegment.listLength(LittleEndian.getInt(bytes, 64))
            + SnapshotBlock.totalLength(LittleEndian.getLong(bytes, 56));
  }

  /** The head of a frame is read within its bytes, and its attributes are such. */
  private static byte[] frame(byte[] bytes) throws FormatException {
    if (bytes.length < Frame.FIXED_LENGTH) {
      return bytes;
    }
    FrameHead head = FrameHead.parse(bytes, 0);
    if (head.length() < Frame.FIXED_LENGTH || head.length() > Frame.MAX_HEAD_LENGTH) {
      throw new AssertionError("A head of " + head.length() + " bytes.");
    }
    if (head.frameLength() < head.length()) {
      throw new AssertionError(
          "A frame of " + head.frameLength() + " bytes is less than its head.");
    }
    if (head.length() <= bytes.length) {
      int checksum = Checksum.of(bytes, Frame.TYPE_AT, head.length() - Frame.TYPE_AT);
      LittleEndian.putInt(bytes, 0, checksum ^ FILE.mask(0));
      if (head.isIntact(FILE, 0) && head.type() == Frame.TYPE_PUT) {
        head.info(head.key());
      }
    }
    return bytes;
  }

  /** Any order of names is read, and text that is not UTF-8 as far as it can be. */
  private static byte[] attributes(byte[] bytes) throws FormatException {
    Attributes attributes = AttributesCodec.decode(bytes, 0, bytes.length);
    byte[] again = AttributesCodec.encode(attributes);
    if (!AttributesCodec.decode(again, 0, again.length).equals(attributes)) {
      throw new AssertionError("Other attributes stand for the same.");
    }
    return bytes;
  }

  private static byte[] segments(byte[] bytes) throws FormatException {
    int length = (int) SnapshotSegment.listLength(bytes.length / 48);
    byte[] list = Arrays.copyOf(bytes, length);
    int end = length - 8;
    LittleEndian.putLong(
        list, end, Integer.toUnsignedLong(Checksum.of(list, 0, end) ^ FILE.mask(end)));
    byte[] again = SnapshotSegment.encode(SnapshotSegment.decode(list, FILE, 0), FILE, 0);
    requireSame(list, again);
    return bytes;
  }

  private static void requireSame(byte[] bytes, byte[] again) {
    if (!Arrays.equals(bytes, 0, Math.min(bytes.length, again.length), again, 0, again.length)) {
      throw new AssertionError("Other bytes stand for the same.");
    }
  }
}
