package io.minikv.engine.values;

import io.minikv.domain.Key;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.format.ValueFileHeader;
import io.minikv.engine.format.ValueFileTrailer;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.segment.DamagedSegmentException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A value file, open for reading. It was complete before a record named it, so that anything else
 * is damage.
 *
 * <p>Thread-safe; reads run at the same time.
 */
public final class ValueFile implements Closeable {

  private final DiskFile file;
  private final long valueAt;
  private final int valueLength;
  private final ValueFileTrailer trailer;

  private ValueFile(DiskFile file, long valueAt, int valueLength, ValueFileTrailer trailer) {
    this.file = file;
    this.valueAt = valueAt;
    this.valueLength = valueLength;
    this.trailer = trailer;
  }

  /** How many bytes the file of a value takes. */
  static long fileBytes(int keyLength, int valueLength) {
    return ValueFileHeader.length(keyLength)
        + (long) valueLength
        + ValueFileTrailer.length(valueLength);
  }

  static ValueFile open(Disk disk, StoreId store, long number, Key key, int valueLength)
      throws IOException {
    String name = FileNames.value(number);
    if (!disk.exists(name)) {
      throw new DamagedSegmentException(name, 0, "is missing, which holds the value");
    }
    DiskFile file = disk.open(name, Disk.Access.READ);
    try {
      long size = fileBytes(key.length(), valueLength);
      if (file.size() != size) {
        throw new DamagedSegmentException(
            name,
            Math.min(file.size(), size),
            "ends, but the file had " + size + " bytes when it was written");
      }
      checkHeader(file, store, number, key);
      return open(file, new FileIdentity(store, number), key, valueLength);
    } catch (FormatException e) {
      file.close();
      throw new DamagedSegmentException(name, 0, e);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void checkHeader(DiskFile file, StoreId store, long number, Key key)
      throws IOException, FormatException {
    ValueFileHeader header =
        ValueFileHeader.decode(bytes(file, 0, ValueFileHeader.length(key.length())));
    if (!header.store().equals(store)
        || header.fileNumber() != number
        || !header.key().equals(key)) {
      throw new FormatException(FormatException.Kind.FOREIGN, "is the value of another record");
    }
  }

  private static ValueFile open(DiskFile file, FileIdentity identity, Key key, int valueLength)
      throws IOException, FormatException {
    long valueAt = ValueFileHeader.length(key.length());
    byte[] trailer = bytes(file, valueAt + valueLength, ValueFileTrailer.length(valueLength));
    return new ValueFile(
        file,
        valueAt,
        valueLength,
        ValueFileTrailer.decode(trailer, identity, valueAt, valueLength));
  }

  /** Reads bytes that must be there. */
  private static byte[] bytes(DiskFile file, long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    readFully(file, position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private static void readFully(DiskFile file, long position, ByteBuffer target)
      throws IOException {
    file.read(position, target);
    if (target.hasRemaining()) {
      throw new DamagedSegmentException(file.name(), position, "ends too early");
    }
  }

  /** Whether a file has the end of a complete one, whatever stands before that. */
  static boolean endsWhole(DiskFile file, FileIdentity identity) throws IOException {
    long size = file.size();
    if (size < ValueFileTrailer.length(0)) {
      return false;
    }
    int footerLength = ValueFileTrailer.length(0);
    long valueLength = ValueFileTrailer.valueLength(bytes(file, size - footerLength, footerLength));
    if (valueLength < 0 || valueLength > size) {
      return false;
    }
    int trailerLength = ValueFileTrailer.length((int) valueLength);
    long valueAt = size - trailerLength - valueLength;
    if (valueAt < 0) {
      return false;
    }
    try {
      byte[] trailer = bytes(file, size - trailerLength, trailerLength);
      ValueFileTrailer.decode(trailer, identity, valueAt, (int) valueLength);
      return true;
    } catch (FormatException _) {
      return false;
    }
  }

  /** The name of the file. */
  public String name() {
    return file.name();
  }

  /**
   * Reads the whole value, and verifies it.
   *
   * @throws DamagedSegmentException when it is damaged
   */
  public byte[] value() throws IOException {
    byte[] value = new byte[valueLength];
    read(0, value, valueLength);
    return value;
  }

  /**
   * Reads and verifies whole blocks of the value.
   *
   * @param from where in the value to begin, a multiple of {@link Frame#BLOCK_LENGTH}
   * @param target where to, from its start on
   * @param length how many bytes; whole blocks, or up to the end of the value
   * @throws DamagedSegmentException when they are damaged
   */
  public void read(int from, byte[] target, int length) throws IOException {
    readFully(file, valueAt + from, ByteBuffer.wrap(target, 0, length));
    for (int at = 0; at < length; at += Frame.BLOCK_LENGTH) {
      int blockLength = Math.min(Frame.BLOCK_LENGTH, length - at);
      if (!trailer.matches((from + at) / Frame.BLOCK_LENGTH, target, at, blockLength)) {
        throw new DamagedSegmentException(
            file.name(), valueAt + from + at, "has a value whose checksum does not fit");
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
