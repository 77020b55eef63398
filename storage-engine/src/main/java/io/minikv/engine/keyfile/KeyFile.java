package io.minikv.engine.keyfile;

import io.minikv.engine.filter.FilterShape;
import io.minikv.engine.format.Checksum;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.KeyFileFilter;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.Mapping;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The key file of a complete segment, for reading. See {@link KeyTree}. */
public final class KeyFile extends KeyTree {

  private final FilterShape filter;

  private KeyFile(Segment segment, Mapping mapping) throws IOException {
    super(FileNames.keys(segment.fileNumber()), segment.identity(), mapping);
    this.filter = filterShape();
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
      KeyFile file = new KeyFile(segment, mapping);
      file.checkFits(segment);
      opened = true;
      return file;
    } finally {
      if (!opened) {
        mapping.close();
      }
    }
  }

  private FilterShape filterShape() throws DamagedKeyFileException {
    try {
      return new FilterShape(footer().filterBlocks(), footer().filterProbes());
    } catch (IndexOutOfBoundsException e) {
      throw damaged("has a filter of an impossible size");
    }
  }

  private void checkFits(Segment segment) throws IOException {
    check();
    if (footer().segmentEnd() != segment.end()) {
      throw damaged(
          "belongs to a segment that ends at byte "
              + footer().segmentEnd()
              + ", not at byte "
              + segment.end());
    }
  }

  @Override
  int places() {
    return 1;
  }

  /** How many entries are tombstones. */
  public long tombstones() {
    return footer().tombstones();
  }

  /** The lowest sequence number of an entry; 0 when there is none. */
  public long lowestSequence() {
    return footer().lowestSequence();
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
    long at = footer().filterAt() + page * (long) KeyFileFilter.PAGE_LENGTH;
    requireExtent(at, bytes.length);
    read(at, bytes, 0, bytes.length);
    int checksumAt = bytes.length - KeyFileFilter.CHECKSUM_LENGTH;
    if (LittleEndian.getInt(bytes, checksumAt)
        != (Checksum.of(bytes, 0, checksumAt) ^ identity().mask(at))) {
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
}
