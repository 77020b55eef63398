package io.minikv.engine.read;

import io.minikv.domain.ScanOptions;
import io.minikv.engine.format.Frame;
import io.minikv.engine.io.Touches;
import java.io.IOException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a merge, some of them found ahead of the one that is asked for, so that the memory of
 * their values is on its way before they are read. Values lie in the order in which they were
 * written, not in that of their keys. For one thread.
 */
final class ReadAhead {

  /** A scan that ends so soon is taken to be wanted as a whole. */
  private static final int MOST_AT_ONCE = 256;

  /** Of another one it is not known how much will be asked for. */
  private static final int FIRST_BATCH = 4;

  private static final int LARGEST_BATCH = 64;

  /** What lies further behind the beginning of a value, the processor gets by itself. */
  private static final int NEAR_BYTES = 256;

  private final KeyMerge keys;
  private final boolean withValues;
  private final LongConsumer onScattered;
  private final Touches touches = new Touches();
  private FoundKey[] batch = {};
  private int nextSize;
  private int count;
  private int at;

  /** What ended the last batch early; told when the keys before it were asked for. */
  private @Nullable IOException failure;

  /**
   * Of a merge.
   *
   * @param onScattered is told how many values of the log lie elsewhere than the value before them
   */
  ReadAhead(KeyMerge keys, ScanOptions options, LongConsumer onScattered) {
    this.keys = keys;
    this.withValues = options.projection() != ScanOptions.Projection.KEYS;
    this.onScattered = onScattered;
    this.nextSize = options.limit() <= MOST_AT_ONCE ? LARGEST_BATCH : FIRST_BATCH;
  }

  /**
   * Moves on.
   *
   * @param remaining how many keys will be asked for at the most, this one included
   * @return nothing at the end
   * @throws IOException when a segment that has no key file cannot be read
   */
  @Nullable FoundKey next(long remaining) throws IOException {
    if (++at >= count) {
      throwFailure();
      fill((int) Math.min(nextSize, remaining));
      nextSize = Math.min(2 * nextSize, LARGEST_BATCH);
    }
    return at < count ? batch[at] : null;
  }

  private void throwFailure() throws IOException {
    IOException failed = failure;
    if (failed != null) {
      failure = null;
      throw failed;
    }
  }

  private void fill(int size) throws IOException {
    if (batch.length < size) {
      batch = new FoundKey[size];
      for (int i = 0; i < size; i++) {
        batch[i] = new FoundKey();
      }
    }
    at = 0;
    count = 0;
    try {
      while (count < size && keys.next(batch[count])) {
        count++;
      }
    } catch (IOException e) {
      if (count == 0) {
        throw e;
      }
      failure = e;
    }
    if (withValues && count > 1) {
      touchValues();
    }
  }

  private void touchValues() {
    int scattered = 0;
    FoundKey previous = batch[0];
    addTouch(previous);
    for (int i = 1; i < count; i++) {
      FoundKey found = batch[i];
      if (found.isApartFrom(previous)) {
        addTouch(found);
        scattered += found.isSmall() ? 1 : 0;
      }
      previous = found;
    }
    touches.run();
    if (scattered > 0) {
      onScattered.accept(scattered);
    }
  }

  private void addTouch(FoundKey found) {
    long checksumAt = found.offset() + found.headLength();
    int length = Frame.CHECKSUM_LENGTH + Math.min(found.valueLength(), NEAR_BYTES);
    found.segment().addTo(touches, checksumAt, length);
  }
}
