package io.minikv.engine.keyfile;

import io.minikv.domain.Key;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.KeyBlock;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.Mapping;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a key file of any kind, in a tree of blocks. It is mapped; nothing of it is kept
 * in memory but its first and last key, the root of its blocks, and the blocks below that, unless
 * those are leaves: some 5 bytes in a thousand of the file. Each block is verified whenever it is
 * read.
 *
 * <p>Thread-safe. After {@link #close} every read throws {@link
 * io.minikv.engine.io.MappingClosedException}.
 */
abstract sealed class KeyTree implements KeyRun, AutoCloseable permits KeyFile, MergedKeys {

  /** Each level has at most half as many blocks as the one below. */
  private static final int MOST_LEVELS = 40;

  private final String name;
  private final FileIdentity owner;
  private final FileIdentity identity;
  private final Mapping mapping;
  private final KeyFileFooter footer;
  private final byte @Nullable [] root;

  /** The blocks below the root as far as they were read; none when these are the leaves. */
  private final AtomicReferenceArray<byte @Nullable []> belowRoot;

  private @Nullable Key first;
  private @Nullable Key last;

  /**
   * Reads the footer and the root.
   *
   * @param owner the store and the number of the file
   */
  KeyTree(String name, FileIdentity owner, Mapping mapping) throws IOException {
    this.name = name;
    this.owner = owner;
    this.identity = KeyFileHeader.identity(owner);
    this.mapping = mapping;
    this.footer = readFooter();
    if (footer.height() < 0 || footer.height() > MOST_LEVELS) {
      throw damaged("has " + footer.height() + " levels of blocks");
    }
    this.root = footer.height() == 0 ? null : block(footer.root());
    this.belowRoot =
        new AtomicReferenceArray<>(
            root == null || footer.height() == 1 ? 0 : KeyBlock.entries(root));
  }

  static Mapping map(Disk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ)) {
      long size = file.size();
      if (size < KeyFileHeader.LENGTH + KeyFileFooter.LENGTH) {
        throw new DamagedKeyFileException(name, "ends after " + size + " bytes");
      }
      return file.map(size, Disk.Access.READ);
    }
  }

  private KeyFileFooter readFooter() throws IOException {
    long at = footerAt();
    byte[] bytes = new byte[KeyFileFooter.LENGTH];
    read(at, bytes, 0, bytes.length);
    try {
      return KeyFileFooter.decode(bytes, identity, at);
    } catch (FormatException e) {
      throw damaged(e.getMessage());
    }
  }

  /**
   * Verifies the header and both ends.
   *
   * @throws DamagedKeyFileException when it is another file, or its ends are damaged
   */
  final void check() throws IOException {
    byte[] bytes = new byte[KeyFileHeader.LENGTH];
    read(0, bytes, 0, bytes.length);
    try {
      KeyFileHeader header = KeyFileHeader.decode(bytes);
      if (header.fileNumber() != owner.fileNumber() || !header.store().equals(owner.store())) {
        throw damaged("belongs to another segment or another store");
      }
    } catch (FormatException e) {
      throw damaged(e.getMessage());
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
  final void read(long at, byte[] target, int offset, int length) throws DamagedKeyFileException {
    try {
      mapping.read(at, target, offset, length);
    } catch (IOException e) {
      DamagedKeyFileException damaged = damaged("cannot be read: " + e.getMessage());
      damaged.initCause(e);
      throw damaged;
    }
  }

  final DamagedKeyFileException damaged(String problem) {
    return new DamagedKeyFileException(name, problem);
  }

  /** The name of the file. */
  public final String name() {
    return name;
  }

  /** What its checksums are bound to. */
  final FileIdentity identity() {
    return identity;
  }

  final KeyFileFooter footer() {
    return footer;
  }

  final long footerAt() {
    return mapping.size() - KeyFileFooter.LENGTH;
  }

  /** Of how many segments its entries may be. */
  abstract int places();

  @Override
  public final long entries() {
    return footer.entries();
  }

  /** The highest sequence number of an entry; 0 when there is none. */
  public final long highestSequence() {
    return footer.highestSequence();
  }

  /** The length of the file, in bytes. */
  public final long length() {
    return mapping.size();
  }

  @Override
  public final Key first() {
    return requireEntry(first);
  }

  @Override
  public final Key last() {
    return requireEntry(last);
  }

  private static Key requireEntry(@Nullable Key key) {
    if (key == null) {
      throw new IllegalStateException("the key file has no entry");
    }
    return key;
  }

  @Override
  public final KeyCursor cursor() {
    return new KeyFileCursor(this);
  }

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
   */
  long leafFor(byte[] key, boolean last) throws IOException {
    byte[] block = root;
    if (block == null) {
      return footer.root();
    }
    int entry = childFor(block, key, last);
    long child = child(block, entry);
    for (int level = footer.height(); level > 1; level--) {
      block = level == footer.height() ? belowRoot(entry, child) : block(child);
      entry = childFor(block, key, last);
      child = child(block, entry);
    }
    return child;
  }

  private byte[] belowRoot(int entry, long offset) throws IOException {
    byte[] known = belowRoot.get(entry);
    if (known == null) {
      known = block(offset);
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

  /** Reads a block into an array of its own, and verifies it. */
  byte[] block(long offset) throws IOException {
    requireExtent(offset, KeyBlock.ENTRIES_AT);
    int usual = (int) Math.min(KeyBlock.TARGET_LENGTH, mapping.size() - offset);
    byte[] bytes = new byte[usual];
    read(offset, bytes, 0, usual);
    int length = KeyBlock.length(bytes);
    requireExtent(offset, requireLength(length, offset));
    if (length > usual) {
      bytes = Arrays.copyOf(bytes, length);
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

  final void requireExtent(long offset, long length) throws DamagedKeyFileException {
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
