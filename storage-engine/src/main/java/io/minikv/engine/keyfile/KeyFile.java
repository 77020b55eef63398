package io.minikv.engine.keyfile;

import io.minikv.domain.Key;
import io.minikv.engine.filter.FilterShape;
import io.minikv.engine.format.Checksum;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.KeyBlock;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.KeyFileFilter;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.Mapping;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The key file of a complete segment, for reading. It is mapped; nothing of it is kept in memory
 * but its first and last key, the root of its blocks, and the blocks below that, unless those are
 * leaves: some 5 bytes in a thousand of the file. Each block is verified whenever it is read.
 *
 * <p>Thread-safe. After {@link #close} every read throws {@link
 * io.minikv.engine.io.MappingClosedException}.
 */
public final class KeyFile implements KeyRun, AutoCloseable {

  /** Each level has at most half as many blocks as the one below. */
  private static final int MOST_LEVELS = 40;

  private final String name;
  private final FileIdentity identity;
  private final Mapping mapping;
  private final KeyFileFooter footer;
  private final FilterShape filter;
  private final byte @Nullable [] root;

  /** The blocks below the root as far as they were read; none when these are the leaves. */
  private final AtomicReferenceArray<byte @Nullable []> belowRoot;

  private @Nullable Key first;
  private @Nullable Key last;

  private KeyFile(String name, FileIdentity identity, Mapping mapping) throws IOException {
    this.name = name;
    this.identity = identity;
    this.mapping = mapping;
    this.footer = readFooter();
    if (footer.height() < 0 || footer.height() > MOST_LEVELS) {
      throw damaged("has " + footer.height() + " levels of blocks");
    }
    this.filter = filterShape();
    this.root = footer.height() == 0 ? null : block(footer.root(), new byte[0]);
    this.belowRoot =
        new AtomicReferenceArray<>(
            root == null || footer.height() == 1 ? 0 : KeyBlock.entries(root));
  }

  /**
   * Opens the key file of a complete segment.
   *
   * @return nothing when there is none
   * @throws DamagedKeyFileException when it is not the key file of this segment as it is now
   * @throws IOException when the disk fails
   */
  public static @Nullable KeyFile open(Disk disk, Segment segment) throws IOException {
    String name = FileNames.keys(segment.fileNumber());
    if (!disk.exists(name)) {
      return null;
    }
    Mapping mapping = map(disk, name);
    boolean opened = false;
    try {
      KeyFile file = new KeyFile(name, KeyFileHeader.identity(segment.identity()), mapping);
      file.checkFits(segment);
      opened = true;
      return file;
    } finally {
      if (!opened) {
        mapping.close();
      }
    }
  }

  private static Mapping map(Disk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ)) {
      long size = file.size();
      if (size < KeyFileHeader.LENGTH + KeyFileFooter.LENGTH) {
        throw new DamagedKeyFileException(name, "ends after " + size + " bytes");
      }
      return file.map(size, Disk.Access.READ);
    }
  }

  private KeyFileFooter readFooter() throws IOException {
    long at = mapping.size() - KeyFileFooter.LENGTH;
    byte[] bytes = new byte[KeyFileFooter.LENGTH];
    read(at, bytes, 0, bytes.length);
    try {
      return KeyFileFooter.decode(bytes, identity, at);
    } catch (FormatException e) {
      throw new DamagedKeyFileException(name, e.getMessage());
    }
  }

  private FilterShape filterShape() throws DamagedKeyFileException {
    try {
      return new FilterShape(footer.filterBlocks(), footer.filterProbes());
    } catch (IndexOutOfBoundsException e) {
      throw damaged("has a filter of an impossible size");
    }
  }

  private void checkFits(Segment segment) throws IOException {
    byte[] bytes = new byte[KeyFileHeader.LENGTH];
    read(0, bytes, 0, bytes.length);
    try {
      KeyFileHeader header = KeyFileHeader.decode(bytes);
      if (header.fileNumber() != segment.fileNumber()
          || !header.store().equals(segment.identity().store())) {
        throw damaged("belongs to another segment or another store");
      }
    } catch (FormatException e) {
      throw damaged(e.getMessage());
    }
    if (footer.segmentEnd() != segment.end()) {
      throw damaged(
          "belongs to a segment that ends at byte "
              + footer.segmentEnd()
              + ", not at byte "
              + segment.end());
    }
    if (footer.entries() > 0) {
      KeyCursor cursor = cursor();
      if (!cursor.first()) {
        throw damaged("has no first entry");
      }
      first = cursor.entry().key();
      if (!cursor.last()) {
        throw damaged("has no last entry");
      }
      last = cursor.entry().key();
    }
  }

  /** What the disk cannot read is as damaged as what fails its checksum. */
  private void read(long at, byte[] target, int offset, int length) throws DamagedKeyFileException {
    try {
      mapping.read(at, target, offset, length);
    } catch (IOException e) {
      DamagedKeyFileException damaged = damaged("cannot be read: " + e.getMessage());
      damaged.initCause(e);
      throw damaged;
    }
  }

  DamagedKeyFileException damaged(String problem) {
    return new DamagedKeyFileException(name, problem);
  }

  /** The name of the file. */
  public String name() {
    return name;
  }

  @Override
  public long entries() {
    return footer.entries();
  }

  /** How many entries are tombstones. */
  public long tombstones() {
    return footer.tombstones();
  }

  /** The lowest sequence number of an entry; 0 when there is none. */
  public long lowestSequence() {
    return footer.lowestSequence();
  }

  /** The highest sequence number of an entry; 0 when there is none. */
  public long highestSequence() {
    return footer.highestSequence();
  }

  /** The length of the file, in bytes. */
  public long length() {
    return mapping.size();
  }

  @Override
  public Key first() {
    return requireEntry(first);
  }

  @Override
  public Key last() {
    return requireEntry(last);
  }

  private static Key requireEntry(@Nullable Key key) {
    if (key == null) {
      throw new IllegalStateException("the key file has no entry");
    }
    return key;
  }

  @Override
  public KeyCursor cursor() {
    return new KeyFileCursor(this);
  }

  /**
   * Whether there may be an entry with a key of that hash: always true when there is one.
   *
   * @throws DamagedKeyFileException when the filter is damaged there
   */
  public boolean mayContain(long hash) throws IOException {
    int block = filter.block(hash);
    int page = block / KeyFileFilter.BLOCKS_PER_PAGE;
    int blocks =
        Math.min(
            KeyFileFilter.BLOCKS_PER_PAGE, filter.blocks() - page * KeyFileFilter.BLOCKS_PER_PAGE);
    byte[] bytes = new byte[KeyFileFilter.pageLength(blocks)];
    long at = footer.filterAt() + page * (long) KeyFileFilter.PAGE_LENGTH;
    requireExtent(at, bytes.length);
    read(at, bytes, 0, bytes.length);
    int checksumAt = bytes.length - KeyFileFilter.CHECKSUM_LENGTH;
    if (LittleEndian.getInt(bytes, checksumAt)
        != (Checksum.of(bytes, 0, checksumAt) ^ identity.mask(at))) {
      throw damaged("has a filter whose checksum does not fit");
    }
    int blockAt = (block - page * KeyFileFilter.BLOCKS_PER_PAGE) * FilterShape.BLOCK_LENGTH;
    return filter.mayContain(bytes, blockAt, hash);
  }

  /** Whether there is an entry of a key with a sequence number below {@code version}. */
  boolean holdsOlder(byte[] key, long version) throws IOException {
    KeyCursor cursor = cursor();
    for (boolean more = cursor.seek(key); more; more = cursor.next()) {
      KeyEntry entry = cursor.entry();
      if (KeyEntry.compareKey(entry.bytes(), entry.at(), key) != 0) {
        return false;
      }
      if (entry.sequence() < version) {
        return true;
      }
    }
    return false;
  }

  // ---- blocks

  /** Where the leaf blocks end. */
  long leavesEnd() {
    return footer.leavesEnd();
  }

  /** Where the last leaf block begins; 0 when there is none. */
  long lastLeaf() {
    return footer.lastLeaf();
  }

  /**
   * Where the leaf block begins in which to look for a key.
   *
   * @param last whether the last entry with the key is wanted, not the first one
   * @param buffer may be used, and is not looked at afterwards
   */
  long leafFor(byte[] key, boolean last, byte[] buffer) throws IOException {
    byte[] block = root;
    if (block == null) {
      return footer.root();
    }
    int entry = childFor(block, key, last);
    long child = child(block, entry);
    for (int level = footer.height(); level > 1; level--) {
      block = level == footer.height() ? belowRoot(entry, child) : block(child, buffer);
      entry = childFor(block, key, last);
      child = child(block, entry);
    }
    return child;
  }

  private byte[] belowRoot(int entry, long offset) throws IOException {
    byte[] known = belowRoot.get(entry);
    if (known == null) {
      known = block(offset, new byte[0]);
      belowRoot.set(entry, known);
    }
    return known;
  }

  private long child(byte[] block, int entry) throws DamagedKeyFileException {
    try {
      return KeyBlock.child(block, entry);
    } catch (IndexOutOfBoundsException e) {
      throw misshapen(footer.root(), e);
    }
  }

  /** What is wrong with a block whose checksum fits, but whose entries lie outside of it. */
  DamagedKeyFileException misshapen(long offset, IndexOutOfBoundsException cause) {
    DamagedKeyFileException damaged =
        damaged("has a block with an entry outside of it at or above byte " + offset);
    damaged.initCause(cause);
    return damaged;
  }

  /** The last child whose key is below, or where {@code orSame}, not above; else the first one. */
  private int childFor(byte[] block, byte[] key, boolean orSame) throws DamagedKeyFileException {
    int low = 0;
    int high = KeyBlock.entries(block);
    try {
      while (low < high) {
        int middle = (low + high) >>> 1;
        int order = KeyBlock.compareChildKey(block, middle, key);
        if (order < 0 || (orSame && order == 0)) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw misshapen(footer.root(), e);
    }
    return Math.max(0, low - 1);
  }

  /**
   * Reads a block, and verifies it.
   *
   * @param buffer is used where it is large enough
   */
  byte[] block(long offset, byte[] buffer) throws IOException {
    requireExtent(offset, KeyBlock.ENTRIES_AT);
    int usual = (int) Math.min(KeyBlock.TARGET_LENGTH, mapping.size() - offset);
    byte[] bytes = buffer.length >= usual ? buffer : new byte[usual];
    read(offset, bytes, 0, usual);
    int length = KeyBlock.length(bytes);
    requireExtent(offset, requireLength(length, offset));
    if (length > usual) {
      bytes = bytes.length >= length ? bytes : Arrays.copyOf(bytes, length);
      read(offset + usual, bytes, usual, length - usual);
    }
    if (length != KeyBlock.length(bytes) || !KeyBlock.isIntact(bytes, identity, offset)) {
      throw damaged("has a block whose checksum does not fit at byte " + offset);
    }
    if (KeyBlock.entries(bytes) == 0) {
      throw damaged("has a block without entries at byte " + offset);
    }
    return bytes;
  }

  /** A length that a block at an offset tells, of itself or of the one before. */
  int requireLength(int length, long offset) throws DamagedKeyFileException {
    if (length < KeyBlock.MIN_LENGTH || length > KeyBlock.MAX_LENGTH) {
      throw damaged("has a block of an impossible length at or before byte " + offset);
    }
    return length;
  }

  private void requireExtent(long offset, long length) throws DamagedKeyFileException {
    if (offset < KeyFileHeader.LENGTH || length > mapping.size() - KeyFileFooter.LENGTH - offset) {
      throw damaged("points to something outside of it");
    }
  }

  /** Ends every reading. Closing again does nothing. */
  @Override
  public void close() {
    mapping.close();
  }
}
