package io.minikv.engine.keyfile;

import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.MergedSegment;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.Mapping;
import java.io.IOException;
import java.util.List;

/**
 * A key file that covers several complete segments, for reading: of each key the newest record that
 * any of them holds, and none of the older ones. See {@link KeyTree}.
 *
 * <p>It tells nothing to a view of the store as it was before the newest record: that may need an
 * older one.
 */
final class MergedKeys extends KeyTree {

  private final long fileNumber;
  private final List<MergedSegment> segments;

  // Both are guarded by this.
  private int pins;
  private boolean retired;

  private MergedKeys(FileIdentity file, Mapping mapping) throws IOException {
    super(FileNames.merged(file.fileNumber()), file, mapping);
    this.fileNumber = file.fileNumber();
    this.segments = readSegments();
    check();
  }

  /**
   * Opens one.
   *
   * @throws DamagedKeyFileException when it is none of this store, or its ends are damaged
   * @throws IOException when the disk fails
   */
  static MergedKeys open(Disk disk, StoreId store, long fileNumber) throws IOException {
    Mapping mapping = map(disk, FileNames.merged(fileNumber));
    boolean opened = false;
    try {
      MergedKeys keys = new MergedKeys(new FileIdentity(store, fileNumber), mapping);
      opened = true;
      return keys;
    } finally {
      if (!opened) {
        mapping.close();
      }
    }
  }

  private List<MergedSegment> readSegments() throws IOException {
    long at = footer().filterAt();
    long length = MergedSegment.listLength(footer().segments());
    if (footer().segments() <= 0 || at != footerAt() - length) {
      throw damaged("has a list of segments of an impossible length");
    }
    requireExtent(at, length);
    byte[] bytes = new byte[Math.toIntExact(length)];
    read(at, bytes, 0, bytes.length);
    try {
      return List.copyOf(MergedSegment.decode(bytes, identity(), at));
    } catch (FormatException e) {
      throw damaged(e.getMessage());
    }
  }

  @Override
  int places() {
    return segments.size();
  }

  long fileNumber() {
    return fileNumber;
  }

  /** The segments that it covers; the entries tell their places in this list. */
  List<MergedSegment> segments() {
    return segments;
  }

  /** Keeps it readable until {@link #unpin}; false when there is another one in its place. */
  synchronized boolean pin() {
    if (retired) {
      return false;
    }
    pins++;
    return true;
  }

  /** Ends one {@link #pin}. */
  synchronized void unpin() {
    pins--;
    closeWhenUnused();
  }

  /** No new reader comes; it is closed when the last pin has gone. */
  synchronized void retire() {
    retired = true;
    closeWhenUnused();
  }

  private void closeWhenUnused() {
    if (retired && pins == 0) {
      close();
    }
  }
}
