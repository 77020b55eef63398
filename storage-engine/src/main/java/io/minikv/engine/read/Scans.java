package io.minikv.engine.read;

import io.minikv.domain.Cursor;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.ScanOptions.Direction;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.keyfile.KeyFiles;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Opens cursors. Keys come in order from the key files of complete segments and from what is sorted
 * of the active one, so that a scan takes no memory in proportion to the store; values are read one
 * by one.
 *
 * <p>Thread-safe.
 */
public final class Scans {

  /** One for all stores: each has a thread, which would outlive a store that was closed. */
  private static final Cleaner CLEANER = Cleaner.create();

  private final EntryTable table;
  private final KeyFiles keyFiles;
  private final Values values;
  private final CommitPipeline pipeline;
  private final InstantSource clock;
  private final BooleanSupplier closed;
  private final LongConsumer onScattered;

  /**
   * Scans what is in a table.
   *
   * @param closed tells that the store was closed
   * @param onScattered is told how many values of the log a scan has read that lay elsewhere than
   *     the value before them; must be quick
   */
  public Scans(
      EntryTable table,
      KeyFiles keyFiles,
      CommitPipeline pipeline,
      InstantSource clock,
      BooleanSupplier closed,
      LongConsumer onScattered) {
    this.table = table;
    this.keyFiles = keyFiles;
    this.values = new Values(table.values());
    this.pipeline = pipeline;
    this.clock = clock;
    this.closed = closed;
    this.onScattered = onScattered;
  }

  /** See {@link io.minikv.domain.KeyValueStore#scan}. */
  public Cursor scan(KeyRange range, ScanOptions options) {
    View view = openView();
    KeyMerge keys = new KeyMerge(view, keyFiles, range, options.direction(), clock.millis());
    ReadAhead ahead = new ReadAhead(keys, options, onScattered);
    return new ViewCursor(view, values, ahead, options, clock, closed, CLEANER);
  }

  /** See {@link io.minikv.domain.KeyValueStore#count}. */
  public long count(KeyRange range) {
    try (View view = openView()) {
      KeyMerge keys = new KeyMerge(view, keyFiles, range, Direction.FORWARDS, clock.millis());
      FoundKey found = new FoundKey();
      long count = 0;
      while (keys.next(found)) {
        count++;
      }
      return count;
    } catch (MappingClosedException _) {
      throw CommitErrors.closed(); // The view keeps its segments, unless the store ends.
    } catch (IOException e) {
      throw ReadErrors.ofScan(e);
    }
  }

  private View openView() {
    if (closed.getAsBoolean()) {
      throw CommitErrors.closed();
    }
    return pipeline.underLock(
        () -> new View(pipeline.visibility().sequence(), table.segments().all()));
  }
}
