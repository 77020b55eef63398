package io.minikv.engine.tools;

import io.minikv.engine.format.Checksum;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.KeyBlock;
import io.minikv.engine.format.KeyFileFilter;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.format.MergedSegment;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The parts of a key file of any kind in whatever state it is, in the order in which they stand in
 * it. Needs memory for one block. For one thread.
 */
final class KeyFileParts {

  private final DiskFile file;
  private final StoreId store;
  private final long number;
  private final FileIdentity identity;
  private final Visitor visitor;
  private final long size;

  private KeyFileParts(DiskFile file, StoreId store, long number, Visitor visitor)
      throws IOException {
    this.file = file;
    this.store = store;
    this.number = number;
    this.identity = KeyFileHeader.identity(new FileIdentity(store, number));
    this.visitor = visitor;
    this.size = file.size();
  }

  /** Is told of each part. */
  interface Visitor {

    /** A block that is whole, with the keys of records in it, or those of other blocks. */
    void onBlock(long offset, int entries, boolean isLeaf) throws IOException;

    /** The footer, which is whole; it comes before the blocks. */
    void onFooter(long offset, KeyFileFooter footer) throws IOException;

    /** The list of segments of a merged file, which is whole; it comes last. */
    void onSegments(long offset, List<MergedSegment> segments) throws IOException;

    /** A part that is not whole. */
    void onDamage(long offset, long length, String problem) throws IOException;
  }

  /** Goes through a key file. */
  static void visit(DiskFile file, StoreId store, long number, Visitor visitor) throws IOException {
    new KeyFileParts(file, store, number, visitor).visit();
  }

  private void visit() throws IOException {
    visitHeader();
    long footerAt = size - KeyFileFooter.LENGTH;
    if (footerAt < KeyFileHeader.LENGTH) {
      visitor.onDamage(0, size, "ends after " + size + " bytes, before its footer");
      return;
    }
    KeyFileFooter footer;
    try {
      footer = KeyFileFooter.decode(read(footerAt, KeyFileFooter.LENGTH), identity, footerAt);
    } catch (FormatException e) {
      visitor.onDamage(footerAt, KeyFileFooter.LENGTH, e.getMessage());
      return;
    }
    visitor.onFooter(footerAt, footer);
    visitBlocks(Math.min(footerAt, footer.filterAt()), footer.leavesEnd());
    long end =
        footer.segments() > 0 ? visitSegments(footer, footerAt) : visitFilter(footer, footerAt);
    if (end != footerAt) {
      visitor.onDamage(end, footerAt - end, "has bytes that belong to nothing");
    }
  }

  private void visitHeader() throws IOException {
    try {
      KeyFileHeader header =
          KeyFileHeader.decode(read(0, (int) Math.min(size, KeyFileHeader.LENGTH)));
      if (header.fileNumber() != number || !header.store().equals(store)) {
        visitor.onDamage(0, KeyFileHeader.LENGTH, "belongs to another segment or another store");
      }
    } catch (FormatException e) {
      visitor.onDamage(0, Math.min(size, KeyFileHeader.LENGTH), e.getMessage());
    }
  }

  private void visitBlocks(long end, long leavesEnd) throws IOException {
    long at = KeyFileHeader.LENGTH;
    while (at < end) {
      long room = end - at;
      int length = room < KeyBlock.MIN_LENGTH ? 0 : KeyBlock.length(read(at, KeyBlock.ENTRIES_AT));
      if (length < KeyBlock.MIN_LENGTH || length > Math.min(KeyBlock.MAX_LENGTH, room)) {
        visitor.onDamage(at, room, "has a block of an impossible length");
        return;
      }
      byte[] block = read(at, length);
      if (KeyBlock.isIntact(block, identity, at)) {
        visitor.onBlock(at, KeyBlock.entries(block), at < leavesEnd);
      } else {
        visitor.onDamage(at, length, "has a block whose checksum does not fit");
      }
      at += length;
    }
  }

  /** Returns where the list ends. */
  private long visitSegments(KeyFileFooter footer, long footerAt) throws IOException {
    long at = footer.filterAt();
    long length = MergedSegment.listLength(footer.segments());
    if (at < KeyFileHeader.LENGTH || length > footerAt - at) {
      visitor.onDamage(at, length, "has a list of segments outside of it");
      return footerAt;
    }
    try {
      visitor.onSegments(at, MergedSegment.decode(read(at, (int) length), identity, at));
    } catch (FormatException e) {
      visitor.onDamage(at, length, e.getMessage());
    }
    return at + length;
  }

  /** Returns where the filter ends. */
  private long visitFilter(KeyFileFooter footer, long footerAt) throws IOException {
    long blocksLeft = footer.filterBlocks();
    long at = footer.filterAt();
    while (blocksLeft > 0) {
      int blocks = (int) Math.min(blocksLeft, KeyFileFilter.BLOCKS_PER_PAGE);
      int length = KeyFileFilter.pageLength(blocks);
      if (at < KeyFileHeader.LENGTH || length > footerAt - at) {
        visitor.onDamage(at, length, "has a filter outside of it");
        return footerAt;
      }
      byte[] page = read(at, length);
      int checksumAt = length - KeyFileFilter.CHECKSUM_LENGTH;
      int expected = Checksum.of(page, 0, checksumAt) ^ identity.mask(at);
      if (LittleEndian.getInt(page, checksumAt) != expected) {
        visitor.onDamage(at, length, "has a filter whose checksum does not fit");
      }
      at += length;
      blocksLeft -= blocks;
    }
    return at;
  }

  private byte[] read(long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    file.read(at, buffer);
    if (buffer.hasRemaining()) {
      throw new IOException(file.name() + " became shorter while it was read");
    }
    return bytes;
  }
}
