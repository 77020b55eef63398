package io.minikv.engine.keyfile;

import io.minikv.engine.filter.FilterShape;
import io.minikv.engine.filter.FilterSizing;
import io.minikv.engine.format.Checksum;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.KeyBlock;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.KeyFileFilter;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.format.MergedSegment;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes a key file. For one thread, and one file. */
final class KeyFileWriter {

  private static final int BUFFER_LENGTH = 256 << 10;

  private final DiskFile file;
  private final FileIdentity owner;
  private final FileIdentity identity;
  private final Breather breather;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_LENGTH);
  private long written;

  // What goes into the footer.
  private long entries;
  private long tombstones;
  private long lowestSequence;
  private long highestSequence;

  private long lastLeaf;

  private KeyFileWriter(DiskFile file, FileIdentity owner, Breather breather) {
    this.file = file;
    this.owner = owner;
    this.identity = KeyFileHeader.identity(owner);
    this.breather = breather;
  }

  /**
   * Writes that of a segment under the name of one that is not complete yet, and forces it. When it
   * fails, anything may stand there.
   */
  static void write(Disk disk, Segment segment, SegmentKeys keys, KeyHash hash, FilterSizing sizing)
      throws IOException {
    String name = FileNames.keysTemporary(segment.fileNumber());
    if (disk.exists(name)) {
      disk.delete(name);
    }
    long end = segment.end();
    Breather breather = Breather.resting();
    EntrySource source = keys.inOrder(end, breather);
    try (DiskFile file = disk.create(name)) {
      KeyFileWriter writer = new KeyFileWriter(file, segment.identity(), breather);
      writer.write(source, end, new FilterKeys(hash, sizing));
      file.force();
    }
  }

  private void write(EntrySource source, long segmentEnd, FilterKeys keys) throws IOException {
    Tree tree =
        writeTree(() -> {
          KeyEntry entry = source.next();
          if (entry != null) {
            keys.add(entry);
          }
          return entry;
        });
    FilterShape shape = keys.shape();
    long filterAt = position();
    writeFilter(keys, shape);
    writeFooter(tree, segmentEnd, shape.blocks(), shape.probes(), 0, filterAt);
  }

  /**
   * Writes one that covers several segments, and forces it. When it fails, anything may stand
   * there.
   */
  static void writeMerged(Disk disk, FileIdentity owner, NewestEntries source) throws IOException {
    try (DiskFile file = disk.create(FileNames.merged(owner.fileNumber()))) {
      new KeyFileWriter(file, owner, Breather.resting()).writeMerged(source);
      file.force();
    }
  }

  private void writeMerged(NewestEntries source) throws IOException {
    Tree tree = writeTree(source);
    List<MergedSegment> segments = source.list();
    long listAt = position();
    put(MergedSegment.encode(segments, identity, listAt));
    writeFooter(tree, 0, 0, 0, segments.size(), listAt);
  }

  /** The blocks that were written. */
  private record Tree(long root, int height, long leavesEnd) {}

  private Tree writeTree(EntrySource source) throws IOException {
    put(new KeyFileHeader(owner.store(), owner.fileNumber()).encode());
    List<Child> level = writeLeaves(source);
    long leavesEnd = position();
    int height = 0;
    while (level.size() > 1) {
      level = writeLevel(level);
      height++;
    }
    return new Tree(level.isEmpty() ? 0 : level.getFirst().offset, height, leavesEnd);
  }

  private void writeFooter(
      Tree tree, long segmentEnd, int filterBlocks, int filterProbes, int segments, long filterAt)
      throws IOException {
    KeyFileFooter footer =
        new KeyFileFooter(
            segmentEnd,
            entries,
            tombstones,
            lowestSequence,
            highestSequence,
            tree.leavesEnd,
            lastLeaf,
            tree.root,
            tree.height,
            filterBlocks,
            filterProbes,
            segments,
            filterAt);
    put(footer.encode(identity, position()));
    flush();
  }

  /** A block that was written. */
  private static final class Child {

    /** No entry in the block is below it, and none of the block before it above. */
    private final byte[] key;

    /** Where the block begins. */
    private final long offset;

    Child(byte[] key, long offset) {
      this.key = key;
      this.offset = offset;
    }
  }

  private List<Child> writeLeaves(EntrySource source) throws IOException {
    List<Child> leaves = new ArrayList<>();
    KeyBlock.Builder block = new KeyBlock.Builder();
    byte[] before = {};
    byte[] separator = {};
    for (KeyEntry entry = source.next(); entry != null; entry = source.next()) {
      int length = entry.end() - entry.at();
      boolean sameKey = KeyEntry.compareKey(entry.bytes(), entry.at(), before) == 0;
      if (block.isFullFor(length)) {
        leaves.add(endLeaf(block, separator));
        separator = separator(before, entry);
      }
      block.add(entry.bytes(), entry.at(), length);
      count(entry);
      breather.breathe();
      if (!sameKey) {
        before =
            Arrays.copyOfRange(entry.bytes(), entry.keyAt(), entry.keyAt() + entry.keyLength());
      }
    }
    if (!block.isEmpty()) {
      leaves.add(endLeaf(block, separator));
    }
    return leaves;
  }

  private Child endLeaf(KeyBlock.Builder block, byte[] separator) throws IOException {
    lastLeaf = position();
    put(block.end(identity, lastLeaf));
    return new Child(separator, lastLeaf);
  }

  /** The shortest beginning of the entry's key that is above {@code before}, or all of it. */
  private static byte[] separator(byte[] before, KeyEntry entry) {
    int from = entry.keyAt();
    int mismatch =
        Arrays.mismatch(before, 0, before.length, entry.bytes(), from, from + entry.keyLength());
    int length = mismatch < 0 ? entry.keyLength() : Math.min(mismatch + 1, entry.keyLength());
    return Arrays.copyOfRange(entry.bytes(), from, from + length);
  }

  private void count(KeyEntry entry) {
    entries++;
    tombstones += entry.isTombstone() ? 1 : 0;
    lowestSequence =
        lowestSequence == 0 ? entry.sequence() : Math.min(lowestSequence, entry.sequence());
    highestSequence = Math.max(highestSequence, entry.sequence());
  }

  private List<Child> writeLevel(List<Child> below) throws IOException {
    List<Child> level = new ArrayList<>();
    KeyBlock.Builder block = new KeyBlock.Builder();
    byte[] firstKey = {};
    for (Child child : below) {
      if (block.isFullForChild(child.key.length)) {
        level.add(endBlock(block, firstKey));
      }
      if (block.isEmpty()) {
        firstKey = child.key;
      }
      block.addChild(child.key, child.offset);
    }
    level.add(endBlock(block, firstKey));
    return level;
  }

  private Child endBlock(KeyBlock.Builder block, byte[] key) throws IOException {
    long offset = position();
    put(block.end(identity, offset));
    return new Child(key, offset);
  }

  private void writeFilter(FilterKeys keys, FilterShape shape) throws IOException {
    byte[] bits = keys.bits(shape, breather);
    int pageBits = KeyFileFilter.PAGE_LENGTH - KeyFileFilter.CHECKSUM_LENGTH;
    for (int from = 0; from < bits.length; from += pageBits) {
      int length = Math.min(pageBits, bits.length - from);
      byte[] page = Arrays.copyOfRange(bits, from, from + length + KeyFileFilter.CHECKSUM_LENGTH);
      LittleEndian.putInt(
          page, length, Checksum.of(bits, from, length) ^ identity.mask(position()));
      put(page);
    }
  }

  private long position() {
    return written + buffer.position();
  }

  private void put(byte[] bytes) throws IOException {
    if (bytes.length > buffer.remaining()) {
      flush();
    }
    buffer.put(bytes);
  }

  private void flush() throws IOException {
    int length = buffer.position();
    file.write(written, buffer.flip());
    written += length;
    buffer.clear();
  }
}
