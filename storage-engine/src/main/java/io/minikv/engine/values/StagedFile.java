package io.minikv.engine.values;

import io.minikv.domain.StoreClosedException;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.ValueFileHeader;
import io.minikv.engine.format.ValueFileTrailer;
import io.minikv.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * A value file that is being written. No record names it before it is {@link #finish finished}.
 *
 * <p>Thread-safe: the store may end it while a caller writes.
 */
public final class StagedFile {

  /**
   * So many bytes are forced at a time, so that the last force, for which the caller waits, has
   * little to do, and those of the log meanwhile do not find a gigabyte before them.
   */
  private static final int FORCED_AT_ONCE = 8 << 20;

  private final DiskFile file;
  private final ValueFileHeader header;
  private final ValueFileTrailer trailer;
  private final Consumer<StagedFile> onEnd;

  // The rest is guarded by this.
  private final byte[] block = new byte[Frame.BLOCK_LENGTH];
  private int blockLength;
  private long position;
  private int unforced;
  private boolean ended;

  /** Goes on behind the header, which is durable. */
  StagedFile(DiskFile file, ValueFileHeader header, Consumer<StagedFile> onEnd) {
    this.file = file;
    this.header = header;
    this.position = ValueFileHeader.length(header.key().length());
    this.trailer =
        new ValueFileTrailer(new FileIdentity(header.store(), header.fileNumber()), position);
    this.onEnd = onEnd;
  }

  /** The number of the file. */
  public long fileNumber() {
    return header.fileNumber();
  }

  String name() {
    return file.name();
  }

  /** How many bytes were written to it so far. */
  synchronized long bytes() {
    return position;
  }

  /** Appends all remaining bytes of {@code source} to the value. */
  public synchronized void write(ByteBuffer source) throws IOException {
    checkNotEnded();
    while (source.hasRemaining()) {
      int length = Math.min(source.remaining(), block.length - blockLength);
      source.get(block, blockLength, length);
      blockLength += length;
      if (blockLength == block.length) {
        endBlock();
      }
    }
  }

  private void endBlock() throws IOException {
    file.write(position, ByteBuffer.wrap(block, 0, blockLength));
    trailer.add(block, 0, blockLength);
    position += blockLength;
    unforced += blockLength;
    blockLength = 0;
    if (unforced >= FORCED_AT_ONCE) {
      file.force();
      unforced = 0;
    }
  }

  /** Completes the file, durably. A record may name it then. */
  public synchronized void finish() throws IOException {
    checkNotEnded();
    if (blockLength > 0) {
      endBlock();
    }
    long valueLength = position - ValueFileHeader.length(header.key().length());
    byte[] end = trailer.encode(Math.toIntExact(valueLength));
    file.write(position, ByteBuffer.wrap(end));
    position += end.length;
    file.force();
  }

  private void checkNotEnded() {
    if (ended) {
      throw new StoreClosedException("The store is closed.");
    }
  }

  /** Ends the writing; tells whether it had not ended before. */
  synchronized boolean end() throws IOException {
    if (ended) {
      return false;
    }
    ended = true;
    onEnd.accept(this);
    file.close();
    return true;
  }
}
