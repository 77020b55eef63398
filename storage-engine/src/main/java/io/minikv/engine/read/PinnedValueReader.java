package io.minikv.engine.read;

import io.minikv.domain.EntryInfo;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.ValueReader;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.format.Frame;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Reads the value of a record block by block, and keeps its segment until it is closed. */
final class PinnedValueReader implements ValueReader {

  private final Segment segment;
  private final ValueSource source;
  private final EntryInfo info;
  private final BooleanSupplier storeClosed;
  private final byte[] block;
  private int blockFrom = -1;
  private boolean closed;

  /** Takes over the pin of the segment, and the source. */
  PinnedValueReader(
      Segment segment, ValueSource source, EntryInfo info, BooleanSupplier storeClosed) {
    this.segment = segment;
    this.source = source;
    this.info = info;
    this.storeClosed = storeClosed;
    this.block = new byte[(int) Math.min(Frame.BLOCK_LENGTH, info.valueLength())];
  }

  @Override
  public EntryInfo info() {
    return info;
  }

  @Override
  public int read(long position, ByteBuffer target) {
    if (closed) {
      throw new StoreClosedException("The reader of the value is closed.");
    }
    if (storeClosed.getAsBoolean()) {
      throw CommitErrors.closed();
    }
    if (position < 0 || position > info.valueLength()) {
      throw new InvalidRequestException(
          "The value has "
              + info.valueLength()
              + " bytes; reading cannot begin at "
              + position
              + ".");
    }
    if (position == info.valueLength()) {
      return -1;
    }
    int total = 0;
    long at = position;
    while (target.hasRemaining() && at < info.valueLength()) {
      int copied = copyBlock(at, target);
      total += copied;
      at += copied;
    }
    return total;
  }

  private int copyBlock(long position, ByteBuffer target) {
    int from = (int) (position - position % Frame.BLOCK_LENGTH);
    int length = (int) Math.min(Frame.BLOCK_LENGTH, info.valueLength() - from);
    if (blockFrom != from) {
      load(from, length);
    }
    int offset = (int) (position - from);
    int copied = Math.min(target.remaining(), length - offset);
    target.put(block, offset, copied);
    return copied;
  }

  private void load(int from, int length) {
    blockFrom = -1;
    try {
      source.read(from, block, length);
      blockFrom = from;
    } catch (MappingClosedException _) {
      throw CommitErrors.closed(); // The pin keeps the segment, unless the store ends.
    } catch (IOException e) {
      throw ReadErrors.of(e, Optional.of(info.key()), source.name());
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (source) {
      segment.unpin();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
