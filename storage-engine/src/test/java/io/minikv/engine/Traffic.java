package io.minikv.engine;

import io.minikv.domain.BatchResult;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Cursor;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.Version;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.WriteResult;
import io.minikv.engine.crash.Workload;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Random operations on a store, of every kind that changes its disk, the same for the same seed.
 * Each answer is compared with a model, also while the disk fails.
 *
 * @param options of the store; the clock is replaced
 * @param seed chooses the operations
 * @param operations how many
 * @param staysWritable whether no fault will come that the store may not get over by itself
 */
record Traffic(EngineOptions options, long seed, int operations, boolean staysWritable)
    implements Workload<History> {

  /** The value of one write of a run is longer than a block of a value. */
  private static final int LONG_VALUE = 66_000;

  /** So many operations are tried on a store that takes no writes before it is opened again. */
  private static final int REFUSALS = 3;

  /** Shorter traffic would take several times as long with a compaction that scans pay for. */
  private static final int LEAST_WITH_ORDER = 24;

  Traffic(EngineOptions options, long seed, int operations) {
    this(options, seed, operations, false);
  }

  @Override
  public void run(SimulatedDisk disk, Consumer<? super History> history) {
    run(disk, history, (_, _) -> {});
  }

  /** The same; {@code checkpoints} is told of each that was made, with the history as of then. */
  void run(
      SimulatedDisk disk,
      Consumer<? super History> history,
      BiConsumer<? super Path, ? super History> checkpoints) {
    new Run(disk, history, checkpoints).run();
  }

  /** One run. */
  private final class Run {

    private final SimulatedDisk disk;
    private final Consumer<? super History> listener;
    private final BiConsumer<? super Path, ? super History> checkpointListener;
    private final Random random = new Random(seed);
    private final MutableClock clock = new MutableClock();
    private final RandomMutations chosen = new RandomMutations(random, clock);
    private History history = History.EMPTY.startingAt(clock.millis());
    private SegmentedStore store;

    /** The disk failed: nothing may be acknowledged until the store is opened again. */
    private boolean broken;

    private int refusals;
    private int writes;
    private int checkpoints;

    Run(
        SimulatedDisk disk,
        Consumer<? super History> listener,
        BiConsumer<? super Path, ? super History> checkpointListener) {
      this.disk = disk;
      this.listener = listener;
      this.checkpointListener = checkpointListener;
    }

    void run() {
      tell(history);
      open();
      for (int i = 0; i < operations; i++) {
        boolean last = i == operations / 2;
        if (last) {
          write(put(key(), LONG_VALUE), Durability.OS);
          broken |= hasFailed();
        } else {
          if (i == operations / 4 && operations >= LEAST_WITH_ORDER) {
            bringIntoOrder();
          }
          operate(random.nextInt(100));
        }
        if (broken && ++refusals >= REFUSALS) {
          reopen();
        }
      }
      close();
    }

    private void tell(History next) {
      history = next;
      listener.accept(next);
    }

    private void operate(int choice) {
      if (choice < 34) {
        write(put(key(), random.nextInt(300)), Durability.OS);
      } else if (choice < 50) {
        write(put(key(), random.nextInt(3_000)), Durability.OS);
      } else if (choice < 62) {
        write(Mutation.Delete.of(key()), Durability.OS);
      } else if (choice < 70) {
        writeBatch();
      } else if (choice < 76) {
        stream();
      } else if (choice < 78) {
        scanAcross();
      } else if (choice < 82) {
        write(
            put(key(), random.nextInt(100)),
            random.nextBoolean() ? Durability.ALWAYS : Durability.INTERVAL);
      } else if (choice < 87) {
        writeOnCondition();
      } else if (choice < 90) {
        clock.advance(Duration.ofMinutes(1));
        tell(history.at(clock.millis()));
      } else if (choice < 91) {
        force(store::flush);
      } else if (choice < 93) {
        checkpoint();
      } else if (choice < 95) {
        force(store::snapshot);
      } else if (choice < 97) {
        compact();
      } else if (choice < 98) {
        attempt(store::compactDue);
      } else {
        reopen();
      }
      broken |= hasFailed();
      checkReads();
    }

    // ---- writes

    private Key key() {
      return chosen.key();
    }

    private Mutation.Put put(Key key, int length) {
      return chosen.put(key, length);
    }

    private void write(Mutation mutation, Durability durability) {
      write(List.of(mutation), durability);
    }

    private void writeBatch() {
      write(chosen.batch(), Durability.OS);
    }

    private void writeOnCondition() {
      Mutation.Put put = put(key(), random.nextInt(200));
      Optional<Version> current = history.version(put.key());
      write(put.onlyIf(chosen.condition(current)), Durability.OS);
    }

    /** A value in pieces: committed, refused, or given up; other writes go on in between. */
    private void stream() {
      Mutation.Put put = put(key(), random.nextInt(2 * (int) options.longestLoggedBytes()));
      if (random.nextInt(4) == 0) {
        put = put.onlyIf(random.nextBoolean() ? Condition.absent() : Condition.present());
      }
      boolean givenUp = random.nextInt(5) == 0;
      long faults = disk.faultsFired();
      try (ValueWriter writer =
          store.openWriter(put.key(), put.attributes(), put.expiry(), put.condition())) {
        ByteBuffer value = put.value().asByteBuffer();
        int middle = value.limit() / 2;
        writer.write(value.slice(0, middle));
        if (random.nextInt(3) == 0) {
          write(put(key(), random.nextInt(100)), Durability.OS);
          broken |= hasFailed();
        }
        writer.write(value.slice(middle, value.limit() - middle));
        if (!givenUp) {
          write(
              List.of(put),
              Durability.OS,
              durability -> {
                WriteResult result = writer.commit(durability);
                return new BatchResult(result.version(), List.of(result.previous()));
              });
        }
      } catch (NotWritableException e) {
        require(
            broken || disk.faultsFired() > faults, "a value was refused without a reason: %s", e);
      }
    }

    /** A cursor sees what there was, whatever is overwritten and compacted meanwhile. */
    private void scanAcross() {
      SortedMap<Key, Stored> before = history.liveState();
      long faults = disk.faultsFired();
      SortedMap<Key, Stored> found;
      try (Cursor cursor = store.scan(KeyRange.all())) {
        for (Key key : before.keySet()) {
          if (!broken && random.nextInt(3) == 0) {
            write(put(key, random.nextInt(100)), Durability.OS);
            broken |= hasFailed();
          }
        }
        compact();
        broken |= hasFailed();
        found = CrashOracle.rest(cursor);
      } catch (DamagedDataException e) {
        require(disk.faultsFired() > faults, "an entry cannot be read by a cursor: %s", e);
        return;
      }
      require(History.matches(before, found), "a cursor read %s instead of %s", found, before);
    }

    private void write(List<Mutation> mutations, Durability durability) {
      write(mutations, durability, asked -> store.write(new WriteBatch(mutations), asked));
    }

    private void write(
        List<Mutation> mutations,
        Durability durability,
        Function<Durability, BatchResult> operation) {
      List<Optional<Version>> previous = new ArrayList<>();
      boolean refused = false;
      for (Mutation mutation : mutations) {
        previous.add(history.version(mutation.key()));
        refused |= !mutation.condition().isMetBy(previous.getLast());
      }
      boolean changes = history.isChangedBy(mutations) && !refused;
      if (changes && !broken) {
        tell(history.begin(history.after(mutations, 0)));
      }
      long faults = disk.faultsFired();
      try {
        BatchResult result = operation.apply(durability);
        require(!refused, "a write was done whose condition does not hold");
        require(!broken, "a write was acknowledged after the disk had failed");
        require(result.previous().equals(previous), "the previous versions were not %s", previous);
        require(result.version().isPresent() == changes, "a write changed nothing");
        result.version().ifPresent(version -> acknowledge(mutations, durability, version));
      } catch (ConditionFailedException e) {
        require(refused, "a condition that holds was refused: %s", e);
      } catch (NotWritableException e) {
        require(
            broken || disk.faultsFired() > faults, "a write was refused without a reason: %s", e);
        require(
            !staysWritable || e.reason() == NotWritableException.Reason.DISK_FULL,
            "a full disk was taken for a failed one: %s",
            e);
        if (changes && history.hasWriteInFlight() && !broken) {
          tell(history.refuse());
        }
      } catch (OutcomeUnknownException e) {
        require(!broken, "a write after the disk had failed began: %s", e);
        require(!staysWritable, "a full disk left a write unknown: %s", e);
        require(disk.faultsFired() > faults, "an outcome is unknown without a fault: %s", e);
      }
    }

    private boolean hasFailed() {
      return store.health().problems().stream().anyMatch(problem -> problem.contains("failed"));
    }

    private void acknowledge(List<Mutation> mutations, Durability durability, Version version) {
      require(
          version.sequence() > history.highestSequence(),
          "version %s was handed out before",
          version);
      History next =
          history.acknowledge(history.after(mutations, version.sequence()), version.sequence());
      boolean forced =
          options.durability() == Durability.ALWAYS
              || durability.compareTo(options.durability()) > 0;
      tell(forced ? next.force() : next);
      writes++;
    }

    /** Runs something after which all that was written is durable. */
    private void force(Runnable operation) {
      boolean done = attempt(operation);
      require(!(done && broken), "something was made durable after the disk had failed");
      if (done) {
        tell(history.force());
      }
    }

    private void compact() {
      if (attempt(() -> store.compact((done, total) -> writeMeanwhile())) && !broken) {
        tell(history.force());
      }
    }

    /** Compacts what scans have paid for, of complete segments and then of the active one. */
    private void bringIntoOrder() {
      ScatteredKeys keys = new ScatteredKeys(RandomMutations.keys(), options.segmentBytes());
      write(keys.firstBatch(random), Durability.OS);
      broken |= hasFailed();
      write(keys.secondBatch(random), Durability.OS);
      broken |= hasFailed();
      long active = ScatteredKeys.activeSegment(store);
      attempt(() -> keys.scanOften(store));
      attempt(store::compactDue);
      broken |= hasFailed();
      if (!ScatteredKeys.isThere(store, active) && !broken) {
        tell(history.force());
      } else {
        require(disk.faultsFired() > 0, "scans that paid for order did not get it");
      }
      checkReads();
    }

    private void checkpoint() {
      Path target = Path.of("/checkpoint-" + checkpoints++);
      long faults = disk.faultsFired();
      try {
        if (attempt(() -> store.checkpoint(target))) {
          require(!broken, "a checkpoint was made after the disk had failed");
          tell(history.force());
          checkpointListener.accept(target, history);
        }
      } catch (InvalidRequestException e) {
        require(disk.faultsFired() > faults, "a checkpoint was refused without a reason: %s", e);
      }
    }

    private void writeMeanwhile() {
      broken |= hasFailed();
      if (!broken && random.nextInt(2) == 0) {
        write(
            random.nextInt(4) == 0 ? Mutation.Delete.of(key()) : put(key(), random.nextInt(300)),
            Durability.OS);
        broken |= hasFailed();
      }
    }

    private void reopen() {
      close();
      open();
    }

    private void close() {
      if (attempt(store::close) && !broken) {
        tell(history.force());
      }
      store = null;
    }

    private void open() {
      store = tryToOpen();
      boolean wasBroken = broken;
      broken = false;
      refusals = 0;
      if (wasBroken) {
        tell(CrashOracle.judge(store, history, true));
      } else {
        tell(history.force());
      }
    }

    private SegmentedStore tryToOpen() {
      EngineOptions running = options.withClock(clock);
      long faults = disk.faultsFired();
      try {
        return SegmentedStore.open(disk, running, EngineThreads.NONE);
      } catch (StoreUnavailableException e) {
        require(disk.faultsFired() > faults, "the store was not opened without a reason: %s", e);
        require(
            e.reason() == StoreUnavailableException.Reason.INACCESSIBLE,
            "a failing disk was taken for something else: %s",
            e);
        return SegmentedStore.open(disk, running, EngineThreads.NONE);
      }
    }

    /** Runs something that may only fail with the disk; returns whether it did not. */
    private boolean attempt(Runnable operation) {
      long faults = disk.faultsFired();
      try {
        operation.run();
        return true;
      } catch (NotWritableException e) {
        require(broken || disk.faultsFired() > faults, "something failed without a reason: %s", e);
      } catch (DamagedDataException e) {
        require(disk.faultsFired() > faults, "damage without a reason: %s", e);
      }
      return false;
    }

    /** Reads go on while writes do not, and never see what was not acknowledged. */
    private void checkReads() {
      long faults = disk.faultsFired();
      SortedMap<Key, Stored> found;
      try {
        found = CrashOracle.read(store);
      } catch (DamagedDataException e) {
        require(disk.faultsFired() > faults, "an entry cannot be read: %s", e);
        return;
      }
      require(
          History.matches(history.liveState(), found),
          "read %s, but should have %s",
          found,
          history.state());
    }

    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency of its own.
    private void require(boolean condition, String problem, Object... details) {
      if (!condition) {
        throw new AssertionError(
            problem.formatted(details) + "; traffic with seed " + seed + ", write " + writes);
      }
    }
  }
}
