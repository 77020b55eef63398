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
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes the key file of a segment. For one thread, and one file. */
final class KeyFileWriter {

  private static final int BUFFER_LENGTH = 256 << 10;

  private final DiskFile file;
  private final Segment segment;
  private final FileIdentity identity;
  private final KeyHash hash;
  private final FilterSizing sizing;
  private final Breather breather;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_LENGTH);
  private long written;

  // What goes into the footer.
  private long entries;
  private long tombstones;
  private long lowestSequence;
  private long highestSequence;

  /** The hashes of all keys, which the filter is made of when it is known how many there are. */
  private long[] hashes = new long[1024];

  private int distinctKeys;
  private long lastLeaf;

  private KeyFileWriter(
      DiskFile file, Segment segment, KeyHash hash, FilterSizing sizing, Breather breather) {
    this.file = file;
    this.segment = segment;
    this.identity = KeyFileHeader.identity(segment.identity());
    this.hash = hash;
    this.sizing = sizing;
    this.breather = breather;
  }

  /**
   * Writes all of it under the name of one that is not complete yet, and forces it. When it fails,
   * anything may stand there.
   */
  static void write(Disk disk, Segment segment, SegmentKeys keys, KeyHash hash, FilterSizing sizing)
      throws IOException {
    String name = FileNames.keysTemporary(segment.fileNumber());
    if (disk.exists(name)) {
      disk.delete(name);
    }
    long end = segment.end();
    Breather breather = Breather.resting();
    SortedRun run = keys.wholeRun(end, breather);
    try (DiskFile file = disk.create(name)) {
      new KeyFileWriter(file, segment, hash, sizing, breather).write(run, end);
      file.force();
    }
  }

  private void write(SortedRun run, long segmentEnd) throws IOException {
    put(new KeyFileHeader(segment.identity().store(), segment.fileNumber()).encode());
    List<Child> level = writeLeaves(run);
    long leavesEnd = position();
    int height = 0;
    while (level.size() > 1) {
      level = writeLevel(level);
      height++;
    }
    FilterShape shape = sizing.shapeFor(distinctKeys);
    long filterAt = position();
    writeFilter(shape);
    KeyFileFooter footer =
        new KeyFileFooter(
            segmentEnd,
            entries,
            tombstones,
            lowestSequence,
            highestSequence,
            leavesEnd,
            lastLeaf,
            level.isEmpty() ? 0 : level.getFirst().offset,
            height,
            shape.blocks(),
            shape.probes(),
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

  private List<Child> writeLeaves(SortedRun run) throws IOException {
    List<Child> leaves = new ArrayList<>();
    KeyBlock.Builder block = new KeyBlock.Builder();
    byte[] before = {};
    byte[] separator = {};
    KeyCursor cursor = run.cursor();
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      KeyEntry entry = cursor.entry();
      int length = entry.end() - entry.at();
      boolean sameKey = KeyEntry.compareKey(entry.bytes(), entry.at(), before) == 0;
      if (block.isFullFor(length)) {
        leaves.add(endLeaf(block, separator));
        separator = separator(before, entry);
      }
      block.add(entry.bytes(), entry.at(), length);
      count(entry, sameKey);
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

  private void count(KeyEntry entry, boolean sameKey) {
    entries++;
    tombstones += entry.isTombstone() ? 1 : 0;
    if (!sameKey) {
      addHash(hash.hash(entry.bytes(), entry.keyAt(), entry.keyLength()));
    }
    lowestSequence =
        lowestSequence == 0 ? entry.sequence() : Math.min(lowestSequence, entry.sequence());
    highestSequence = Math.max(highestSequence, entry.sequence());
  }

  private void addHash(long ofKey) {
    if (distinctKeys == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * distinctKeys);
    }
    hashes[distinctKeys++] = ofKey;
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

  private void writeFilter(FilterShape shape) throws IOException {
    byte[] bits = new byte[shape.length()];
    for (int i = 0; i < distinctKeys; i++) {
      shape.add(bits, hashes[i]);
      breather.breathe();
    }
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
