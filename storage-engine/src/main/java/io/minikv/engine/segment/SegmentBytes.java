package io.minikv.engine.segment;

import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.Mapping;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.io.Touches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a segment, read through a mapping where it reaches, else from the file.
 *
 * <p>Thread-safe; reads take no lock.
 */
final class SegmentBytes {

  private final DiskFile file;

  /** Covers the frames of a sealed segment, and the allocated part of one that is written so. */
  private volatile @Nullable Mapping mapping;

  private volatile boolean ended;

  /** Guarded by this. */
  private final List<Mapping> formerMappings = new ArrayList<>();

  SegmentBytes(DiskFile file) {
    this.file = file;
  }

  DiskFile file() {
    return file;
  }

  /**
   * Reads through this mapping from now on; the former ones serve who uses them, until {@link
   * #mapForReading}.
   */
  synchronized void mapThrough(Mapping newMapping) {
    if (ended) {
      newMapping.close();
      return;
    }
    Mapping former = mapping;
    if (former != null) {
      formerMappings.add(former);
    }
    mapping = newMapping;
  }

  /** Maps the bytes before {@code end} for reading only, and ends all mappings there were. */
  synchronized void mapForReading(long end) throws IOException {
    mapThrough(file.map(end, Disk.Access.READ));
    formerMappings.forEach(Mapping::close);
    formerMappings.clear();
  }

  /** Ends all mappings; whoever reads from now on is told that by an exception. */
  synchronized void endMappings() {
    ended = true;
    Mapping current = mapping;
    if (current != null) {
      current.close();
    }
    formerMappings.forEach(Mapping::close);
    formerMappings.clear();
  }

  /** How many bytes of the file are mapped. */
  long mappedLength() {
    Mapping current = mapping;
    return current == null ? 0 : current.size();
  }

  /** Adds bytes to the places whose memory will be read. */
  void addTo(Touches touches, long position, int length) {
    Mapping current = mapping;
    if (current != null) {
      touches.add(current, position, length);
    }
  }

  /** Fills the start of an array from a position on, and returns the four bytes before that. */
  int readBehindNumber(long position, byte[] target, int length) throws IOException {
    Mapping current = mapping;
    if (current != null && position + length <= current.size()) {
      try {
        return current.readBehindNumber(position, target, 0, length);
      } catch (MappingClosedException _) {
        // Mapped anew, or ended, which the reading below tells.
      }
    }
    byte[] number = new byte[Integer.BYTES];
    read(position - number.length, number, 0, number.length);
    read(position, target, 0, length);
    return LittleEndian.getInt(number, 0);
  }

  @SuppressWarnings("ReferenceEquality") // asks whether it is the same mapping still
  void read(long position, byte[] target, int offset, int length) throws IOException {
    Mapping current = mapping;
    if (current != null && position + length <= current.size()) {
      try {
        current.read(position, target, offset, length);
        return;
      } catch (MappingClosedException e) {
        if (ended || current == mapping) {
          throw e;
        }
        read(position, target, offset, length);
        return;
      }
    }
    readFile(position, ByteBuffer.wrap(target, offset, length));
  }

  private void readFile(long position, ByteBuffer target) throws IOException {
    if (ended) {
      throw new MappingClosedException(file.name());
    }
    try {
      file.read(position, target);
    } catch (IOException e) {
      if (ended) {
        throw new MappingClosedException(file.name());
      }
      throw e;
    }
    if (target.hasRemaining()) {
      throw new DamagedSegmentException(file.name(), position, "ends too early");
    }
  }
}
