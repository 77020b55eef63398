package io.minikv.engine.compaction;

import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.commit.MaintenanceLock;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.index.LiveRecord;
import io.minikv.engine.io.Attempts;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.keyfile.DamagedKeyFileException;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The compaction of some segments into new ones, which take their place in one step.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Before the MANIFEST lists the copies, they are durable, and so is every write that made a
 *       record dead.
 *   <li>Before the index points to a copy, and before the file of an input goes, the MANIFEST that
 *       lists the copies is durable.
 *   <li>A record that is overwritten meanwhile loses: its copy is never pointed to.
 *   <li>Until the MANIFEST is replaced nothing has changed but for files that no MANIFEST lists.
 * </ol>
 *
 * <p>For one thread, and one run.
 */
final class CompactionGroup {

  /** So many entries of the index are changed while writers are held up. */
  private static final int CHANGES_AT_ONCE = 1024;

  /** Progress is told so often, in bytes of the inputs. */
  private static final long PROGRESS_STEP = 1 << 20;

  /** Between two steps; the lock is not fair, so that others would have to be lucky. */
  private static final long MOMENT_NANOS = 50_000;

  private final StoreAccess store;
  private final List<Segment> inputs;
  private final CompactionOutput output;
  private final TombstoneRule tombstones;
  private final Breather breather;
  private final BooleanSupplier cancelled;
  private final Moves moves = new Moves();
  private final List<Expired> expired = new ArrayList<>();

  /** Of each input how many bytes were found to be live. */
  private final Map<Segment, Long> foundBytes = new HashMap<>();

  /** Of each output how many bytes are tombstones and expired records that may not go yet. */
  private final Map<Long, Long> heldBytes = new HashMap<>();

  private List<Segment> outputs = List.of();
  private long kept;
  private long dropped;
  private boolean listed;

  /** An entry whose record has expired and is left out. */
  private record Expired(long hash, LiveRecord record) {}

  /**
   * For some segments that are complete.
   *
   * @param others all other segments, the one that is written among them
   */
  CompactionGroup(
      StoreAccess store,
      List<Segment> inputs,
      Collection<Segment> others,
      Throttle throttle,
      Breather breather,
      BooleanSupplier cancelled) {
    this.store = store;
    this.inputs = inputs;
    this.output = new CompactionOutput(store.directory(), store.table().values(), throttle);
    this.tombstones = new TombstoneRule(store.keyFiles()::mayHoldOlder, others);
    this.breather = breather;
    this.cancelled = cancelled;
  }

  /**
   * Runs it.
   *
   * @throws DamagedSegmentException when an input is damaged; nothing has changed then
   * @throws DiskFullException when there is no space; nothing has changed then
   * @throws DamagedKeyFileException when a key file is damaged, which is not used again; nothing
   *     has changed then
   */
  void run(Progress progress) throws IOException {
    try (MaintenanceLock.Held _ = store.maintenance().acquire()) {
      copyAll(progress);
      outputs = output.finish();
      checkNothingIsLeftBehind();
      try (MaintenanceLock.Held _ = store.maintenance().acquireNames()) {
        publish();
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      discard(e);
      throw e;
    }
  }

  private void discard(Throwable cause) {
    if (listed) {
      return;
    }
    try {
      output.discard();
    } catch (IOException e) { // What is left is removed at the next opening.
      cause.addSuppressed(e);
    }
  }

  // ---- copying, beside readers and writers

  /** In the order of the keys, so that scans find neighbours side by side. */
  private void copyAll(Progress progress) throws IOException {
    InputRecords records =
        new InputRecords(store.keyFiles(), store.table(), inputs, this::betweenBatches);
    long nowMillis = store.clock().millis();
    long told = 0;
    while (records.next()) {
      checkNotCancelled();
      FrameHead head = records.segment().head(records.offset());
      if (head.type() == Frame.TYPE_TOMBSTONE) {
        copyTombstone(records, head);
      } else {
        foundBytes.merge(records.segment(), head.frameLength(), Long::sum);
        copyPut(records, head, nowMillis);
      }
      if (records.passedBytes() - told >= PROGRESS_STEP) {
        progress.advance(records.passedBytes() - told);
        told = records.passedBytes();
      }
    }
    dropped += records.dead();
    progress.advance(inputs.stream().mapToLong(Segment::end).sum() - told);
  }

  private void copyPut(InputRecords records, FrameHead head, long nowMillis) throws IOException {
    long hash = records.hash();
    long location = records.location();
    boolean isExpired = Frame.isExpired(head.expiresAtMillis(), nowMillis);
    if (isExpired && tombstones.mayGo(head.key(), hash, head.sequence())) {
      expired.add(new Expired(hash, LiveRecord.of(location, head)));
      dropped++;
      return;
    }
    long copy = output.append(records.segment(), records.offset(), head);
    moves.add(hash, location, copy, head);
    kept++;
    if (isExpired) {
      heldBytes.merge(Location.fileNumber(copy), head.frameLength(), Long::sum);
    }
  }

  private void copyTombstone(InputRecords records, FrameHead head) throws IOException {
    if (tombstones.mayGo(head.key(), records.hash(), head.sequence())) {
      dropped++;
      return;
    }
    long copy = output.append(records.segment(), records.offset(), head);
    kept++;
    heldBytes.merge(Location.fileNumber(copy), head.frameLength(), Long::sum);
  }

  private void betweenBatches() {
    checkNotCancelled();
    breather.breatheNow();
  }

  private void checkNotCancelled() {
    if (cancelled.getAsBoolean()) {
      throw CommitErrors.closed();
    }
  }

  /** No input may have more live bytes than were found in it: they would be lost. */
  private void checkNothingIsLeftBehind() throws DamagedSegmentException {
    for (Segment input : inputs) {
      if (input.liveBytes() > foundBytes.getOrDefault(input, 0L)) {
        throw new DamagedSegmentException(
            input.name(), SegmentHeader.LENGTH, "has live records that were not found in it");
      }
    }
  }

  // ---- publishing

  /** Puts the outputs in place of the inputs, while nobody else changes the list of segments. */
  private void publish() throws IOException {
    checkNotCancelled();
    store.pipeline().flush();
    checkTombstonesOnceMore();
    replaceInManifest();
    store.table().segments().replace(List.of(), outputs);
    moveEntries();
    removeInputs();
    retireInputs();
    store.directory().delete(inputs);
  }

  /** All of them, also when a file of one cannot be removed: nobody else closes them any more. */
  private void retireInputs() throws IOException {
    Attempts attempts = new Attempts();
    for (Segment input : inputs) {
      attempts.attempt(() -> retire(input));
    }
    attempts.throwFailure();
  }

  private void retire(Segment input) throws IOException {
    input.retire(() -> store.table().values().release(input.fileNumber()));
  }

  /**
   * Under the lock under which views are opened: one that found the inputs, and not the outputs
   * yet, has pinned them before they can go.
   */
  private void removeInputs() {
    store
        .pipeline()
        .underLock(() -> {
          store.table().segments().replace(inputs, List.of());
          return true;
        });
  }

  private void checkTombstonesOnceMore() throws IOException {
    List<Segment> others =
        new ArrayList<>(store.pipeline().underLock(store.table().segments()::all));
    others.removeAll(inputs);
    if (!tombstones.stillHolds(others)) {
      throw new IOException("segments with older records were added meanwhile");
    }
  }

  private void replaceInManifest() throws IOException {
    try {
      store.directory().replace(inputs, outputs);
      listed = true;
    } catch (DiskFullException e) {
      throw e;
    } catch (IOException e) {
      listed = true; // Perhaps it is; what is listed must not be removed.
      store.pipeline().fail(e);
      closeOutput(e);
      throw e;
    }
  }

  private void closeOutput(IOException cause) {
    try {
      output.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void moveEntries() {
    inSteps(
        moves.count(),
        (begin, end) -> moves.touch(store.table(), begin, end),
        (begin, end) -> moves.apply(store.table(), begin, end));
    inSteps(
        expired.size(),
        (_, _) -> {},
        (begin, end) -> expired.subList(begin, end).forEach(this::remove));
  }

  private void remove(Expired each) {
    store.table().removeIfAt(each.hash, each.record);
  }

  /** Holds writers up for a moment only, again and again. */
  private void inSteps(int count, Step preparation, Step step) {
    for (int begin = 0; begin < count; begin += CHANGES_AT_ONCE) {
      int first = begin;
      int end = Math.min(count, begin + CHANGES_AT_ONCE);
      preparation.run(first, end);
      store
          .pipeline()
          .underLock(() -> {
            step.run(first, end);
            return true;
          });
      LockSupport.parkNanos(this, MOMENT_NANOS); // Who waits for the lock comes first.
    }
  }

  /** Some of many changes of the index. */
  private interface Step {

    void run(int begin, int end);
  }

  // ---- what it did

  List<Segment> inputs() {
    return inputs;
  }

  List<Segment> outputs() {
    return outputs;
  }

  long kept() {
    return kept;
  }

  long dropped() {
    return dropped;
  }

  /** Notes what could not go yet. */
  void noteHeldBack(HeldBack heldBack) {
    heldBytes.forEach((number, bytes) -> heldBack.add(number, bytes, tombstones.blockers()));
  }
}
