package io.minikv.engine.read;

import io.minikv.domain.Value;
import io.minikv.engine.compression.Decompressor;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.values.ValueFile;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;

/**
 * Reads the values of records, wherever they are stored. A record whose value is in a file of its
 * own must be in a segment that is pinned: that keeps the file too.
 *
 * <p>Thread-safe.
 */
final class Values {

  private final ValueFiles files;

  Values(ValueFiles files) {
    this.files = files;
  }

  /**
   * The whole value of the put at an offset.
   *
   * @throws DamagedSegmentException when it is damaged
   */
  Value read(Segment segment, long offset, FrameHead head) throws IOException {
    if (!head.isExternal()) {
      return inLog(segment, offset, head);
    }
    try (ValueFile file = open(head)) {
      return Value.wrap(file.value());
    }
  }

  private static Value inLog(Segment segment, long offset, FrameHead head) throws IOException {
    byte[] stored = segment.storedValue(offset, head);
    if (!head.isCompressed()) {
      return Value.wrap(stored);
    }
    try {
      return Value.wrap(Decompressor.decompress(head.codec(), stored, head.valueLength()));
    } catch (FormatException e) {
      throw new DamagedSegmentException(segment.name(), offset, e);
    }
  }

  /**
   * Opens the value of the put at an offset.
   *
   * @throws DamagedSegmentException when it cannot be read at all
   */
  ValueSource open(Segment segment, long offset, FrameHead head) throws IOException {
    if (head.isExternal()) {
      return new InFile(open(head));
    }
    return head.isCompressed()
        ? new Unpacked(segment.name(), inLog(segment, offset, head))
        : new InLog(segment, offset, head);
  }

  private ValueFile open(FrameHead head) throws IOException {
    return files.open(head.valueFile(), head.key(), head.valueLength());
  }

  /**
   * A value in its record.
   *
   * @param segment the segment with the record
   * @param offset where in it
   * @param head the head of the record
   */
  private record InLog(Segment segment, long offset, FrameHead head) implements ValueSource {

    @Override
    public String name() {
      return segment.name();
    }

    @Override
    public void read(int from, byte[] target, int length) throws IOException {
      segment.readStored(offset, head, from, target, 0, length);
    }

    @Override
    public void close() {}
  }

  /**
   * A value that was compressed, and is short.
   *
   * @param name the name of the segment with its record
   * @param value all of it
   */
  private record Unpacked(String name, Value value) implements ValueSource {

    @Override
    public void read(int from, byte[] target, int length) {
      value.copyTo(from, target, 0, length);
    }

    @Override
    public void close() {}
  }

  /**
   * A value in a file of its own.
   *
   * @param file the file
   */
  private record InFile(ValueFile file) implements ValueSource {

    @Override
    public String name() {
      return file.name();
    }

    @Override
    public void read(int from, byte[] target, int length) throws IOException {
      file.read(from, target, length);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
