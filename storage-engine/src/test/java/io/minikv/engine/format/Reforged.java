package io.minikv.engine.format;

import java.util.OptionalLong;

/**
 * Files whose checksums were made to fit, as far as their lengths lead: what stands in them gets
 * past the checksums to the code behind.
 */
public final class Reforged {

  private static final int STORE_AT = 16;
  private static final int NUMBER_AT = 32;
  private static final int FOOTER_LENGTH = 16;

  private final byte[] bytes;

  private Reforged(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A file of the store, by its name; the array itself is changed. */
  public static byte[] file(String name, byte[] bytes) {
    Reforged file = new Reforged(bytes);
    if (bytes.length < SegmentHeader.LENGTH) {
      return bytes; // Less than a header of any kind.
    }
    if (name.equals(FileNames.MANIFEST)) {
      file.checksum(0, bytes.length - 4, bytes.length - 4, 0);
    } else if (FileNames.isSnapshot(name)) {
      file.snapshot();
    } else if (present(FileNames.segmentNumber(name))) {
      file.segment();
    } else if (FileNames.isOfKeys(name)) {
      file.keyFile();
    } else if (present(FileNames.valueNumber(name))) {
      file.valueFile();
    }
    return bytes;
  }

  private static boolean present(OptionalLong number) {
    return number.isPresent();
  }

  private void segment() {
    checksum(0, 60, 60, 0);
    FileIdentity identity = identity();
    long at = SegmentHeader.LENGTH;
    while (at + Frame.FIXED_LENGTH <= bytes.length) {
      at += Math.max(frame((int) at, identity), Frame.ALIGNMENT);
    }
  }

  /** Returns its length, or 0 when there is none. */
  private long frame(int at, FileIdentity identity) {
    FrameHead head;
    try {
      head = FrameHead.parse(bytes, at);
    } catch (FormatException e) {
      return 0;
    }
    if (at + head.frameLength() > bytes.length) {
      return 0;
    }
    int storedAt = at + (int) head.storedAt();
    int storedLength = (int) (at + head.frameLength()) - storedAt;
    storedLength = Math.min(storedLength, LittleEndian.getInt(bytes, at + Frame.STORED_LENGTH_AT));
    for (int from = 0; from < storedLength; from += Frame.BLOCK_LENGTH) {
      int checksumAt = at + head.length() + from / Frame.BLOCK_LENGTH * Frame.CHECKSUM_LENGTH;
      int length = Math.min(Frame.BLOCK_LENGTH, storedLength - from);
      checksum(storedAt + from, length, checksumAt, identity.mask(storedAt + from));
    }
    checksum(at + Frame.TYPE_AT, head.length() - Frame.TYPE_AT, at, identity.mask(at));
    return head.frameLength();
  }

  private void keyFile() {
    checksum(0, 60, 60, 0);
    FileIdentity identity = KeyFileHeader.identity(identity());
    int footerAt = bytes.length - KeyFileFooter.LENGTH;
    if (footerAt < KeyFileHeader.LENGTH) {
      return;
    }
    checksum(footerAt, 92, footerAt + 92, identity.mask(footerAt));
    long filterAt = Math.min(LittleEndian.getLong(bytes, footerAt + 80), footerAt);
    int at = KeyFileHeader.LENGTH;
    while (at + KeyBlock.MIN_LENGTH <= filterAt) {
      int length = LittleEndian.getInt(bytes, at);
      if (length < KeyBlock.MIN_LENGTH || length > filterAt - at) {
        break;
      }
      checksum(at, length - 4, at + length - 4, identity.mask(at));
      at += length;
    }
    if (LittleEndian.getInt(bytes, footerAt + 76) > 0) {
      int list = (int) Math.max(filterAt, at);
      checksum(list, footerAt - 4 - list, footerAt - 4, identity.mask(list));
      return;
    }
    for (int page = (int) Math.max(filterAt, at); page < footerAt; ) {
      int length = Math.min(KeyFileFilter.PAGE_LENGTH, footerAt - page);
      checksum(page, length - 4, page + length - 4, identity.mask(page));
      page += length;
    }
  }

  private void snapshot() {
    checksum(0, 124, 124, 0);
    FileIdentity identity;
    long keys;
    long blocksAt;
    try {
      SnapshotHeader header = SnapshotHeader.decode(bytes, bytes.length);
      identity = header.identity();
      keys = header.keys();
      blocksAt = header.blocksAt();
    } catch (FormatException e) {
      return;
    }
    int listEnd = (int) blocksAt - 8;
    int listLength = listEnd - SnapshotHeader.LENGTH;
    checksum(SnapshotHeader.LENGTH, listLength, listEnd, identity.mask(listEnd));
    int at = (int) blocksAt;
    for (long left = keys; left > 0; left -= SnapshotBlock.ENTRIES) {
      int length = SnapshotBlock.length((int) Math.min(left, SnapshotBlock.ENTRIES));
      checksum(at + 4, length - 4, at, identity.mask(at));
      at += length;
    }
  }

  private void valueFile() {
    int headerLength = LittleEndian.getInt(bytes, 12);
    if (headerLength <= 48 || headerLength > bytes.length - FOOTER_LENGTH) {
      return;
    }
    checksum(0, headerLength - 4, headerLength - 4, 0);
    FileIdentity identity = identity();
    int footerAt = bytes.length - FOOTER_LENGTH;
    long valueLength = LittleEndian.getLong(bytes, footerAt);
    if (valueLength < 0 || valueLength > footerAt - headerLength) {
      return;
    }
    int trailerAt = headerLength + (int) valueLength;
    for (int from = 0; from < valueLength; from += Frame.BLOCK_LENGTH) {
      int checksumAt = trailerAt + from / Frame.BLOCK_LENGTH * Frame.CHECKSUM_LENGTH;
      int length = (int) Math.min(Frame.BLOCK_LENGTH, valueLength - from);
      checksum(headerLength + from, length, checksumAt, identity.mask(headerLength + from));
    }
    int length = bytes.length - 4 - trailerAt;
    checksum(trailerAt, length, bytes.length - 4, identity.mask(trailerAt));
  }

  private FileIdentity identity() {
    StoreId store =
        new StoreId(
            LittleEndian.getLong(bytes, STORE_AT), LittleEndian.getLong(bytes, STORE_AT + 8));
    return new FileIdentity(store, LittleEndian.getLong(bytes, NUMBER_AT));
  }

  /** Puts the checksum of some bytes in its place, if there is room for both. */
  private void checksum(int from, int length, int checksumAt, int mask) {
    if (length >= 0 && from + length <= bytes.length && checksumAt + 4 <= bytes.length) {
      LittleEndian.putInt(bytes, checksumAt, Checksum.of(bytes, from, length) ^ mask);
    }
  }
}
