package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A small store with everything in it that files can hold, what it held after each write, and the
 * judgement on what a damaged copy of it tells.
 */
final class DamageScenario {

  /** How the store came to its end. */
  enum Ending {
    CLOSED,
    KILLED,
    /** Opened again after an orderly end, and killed right after one more write. */
    REOPENED_AND_KILLED
  }

  private static final EngineOptions OPTIONS = Stores.SMALL_SEGMENTS.withLongestLoggedBytes(100);
  private static final int KEYS = 16;
  private static final String DAMAGED = "(damaged)";

  private final Ending ending;
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<Map<String, String>> history = new ArrayList<>();
  private final Map<String, String> now = new TreeMap<>();
  private final DiskImage image;
  private final String logEnd;

  DamageScenario(Ending ending) {
    this.ending = ending;
    history.add(Map.of());
    SegmentedStore store = SegmentedStore.open(disk, OPTIONS, EngineThreads.NONE);
    write(store);
    if (ending != Ending.KILLED) {
      store.close();
    }
    if (ending == Ending.REOPENED_AND_KILLED) {
      putAndRemember(Stores.open(disk), 0, "after the reopening");
    }
    image = disk.processKill();
    logEnd = ending == Ending.CLOSED ? "" : nameOfLogEnd();
  }

  private void write(SegmentedStore store) {
    for (int i = 0; i < KEYS; i++) {
      putAndRemember(store, i, "first " + "x".repeat(i * 50));
    }
    for (int i = 0; i < KEYS; i += 3) {
      deleteAndRemember(store, i);
    }
    store.compact(ProgressListener.NONE);
    for (int i = 0; i < KEYS; i += 2) {
      putAndRemember(store, i, "second " + "y".repeat(i * 100));
    }
    batchAndRemember(store);
    deleteAndRemember(store, 5);
    streamAndRemember(store, 11, "streamed " + "z".repeat(500));
    putAndRemember(store, 7, "last");
    mergeKeyFiles(store);
  }

  private static void mergeKeyFiles(SegmentedStore store) {
    for (int i = 0; i < 10; i++) {
      store.count(KeyRange.all());
    }
  }

  /** Stores a value in a file of its own. */
  private void streamAndRemember(SegmentedStore store, int i, String value) {
    try (ValueWriter writer =
        store.openWriter(Key.of(key(i)), Attributes.none(), Expiry.never(), Condition.always())) {
      writer.write(Value.of(value).asByteBuffer());
      writer.commit(Durability.OS);
    }
    now.put(key(i), value);
    history.add(Map.copyOf(now));
  }

  private void putAndRemember(SegmentedStore store, int i, String value) {
    put(store, key(i), value);
    now.put(key(i), value);
    history.add(Map.copyOf(now));
  }

  private void deleteAndRemember(SegmentedStore store, int i) {
    store.delete(Key.of(key(i)));
    now.remove(key(i));
    history.add(Map.copyOf(now));
  }

  private void batchAndRemember(SegmentedStore store) {
    store.write(
        WriteBatch.of(
            Mutation.Put.of(Key.of(key(1)), Value.of("batch 1")),
            Mutation.Delete.of(Key.of(key(2))),
            Mutation.Put.of(Key.of(key(3)), Value.of("batch 3"))));
    now.put(key(1), "batch 1");
    now.remove(key(2));
    now.put(key(3), "batch 3");
    history.add(Map.copyOf(now));
  }

  private static String key(int i) {
    return "key-" + i;
  }

  /** The files as they were left. */
  DiskImage image() {
    return image;
  }

  /**
   * The files that this ending gave their bytes. What was sealed before is the same whatever the
   * ending, and belongs to the first of them.
   */
  List<String> filesOfEnding() {
    Set<String> ofAll = new HashSet<>(Set.of("LOCK"));
    if (ending != Ending.CLOSED) {
      for (Manifest.SegmentEntry entry : manifest().segments()) {
        if (entry.state() != Manifest.State.OPEN) {
          ofAll.add(FileNames.segment(entry.fileNumber()));
          ofAll.add(FileNames.keys(entry.fileNumber()));
        }
      }
      image.names().stream().filter(DamageScenario::isOfOneEnding).forEach(ofAll::add);
    }
    return image.names().stream().filter(name -> !ofAll.contains(name)).toList();
  }

  private static boolean isOfOneEnding(String name) {
    return FileNames.valueNumber(name).isPresent() || FileNames.mergedNumber(name).isPresent();
  }

  /** What the store held in the end. */
  Map<String, String> expected() {
    return Map.copyOf(now);
  }

  /** The segment whose end is known to nobody but itself. */
  private String nameOfLogEnd() {
    return manifest().segments().stream()
        .filter(entry -> entry.state() == Manifest.State.OPEN)
        .map(entry -> FileNames.segment(entry.fileNumber()))
        .filter(name -> contentEnd(image.bytes(name)) > SegmentHeader.LENGTH)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private Manifest manifest() {
    try {
      return Manifest.decode(image.bytes(FileNames.MANIFEST));
    } catch (FormatException e) {
      throw new AssertionError(e);
    }
  }

  private static int contentEnd(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  /** Opens a copy with a flipped bit in a file, and judges what it tells. */
  void checkFlipped(String file, int bit) {
    byte[] bytes = image.bytes(file).clone();
    bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
    check(image.with(file, bytes), file, bit / Byte.SIZE, "bit %d of %s".formatted(bit, file));
  }

  /** Opens a copy with a file of which only the first bytes are left, and judges what it tells. */
  void checkCut(String file, int length) {
    byte[] bytes = Arrays.copyOf(image.bytes(file), length);
    check(image.with(file, bytes), file, length, "%s cut to %d bytes".formatted(file, length));
  }

  /**
   * Opens a damaged copy and judges what it tells.
   *
   * @param file which file is damaged
   * @param position its first byte that is not as it was
   */
  private void check(DiskImage damaged, String file, int position, String damage) {
    SimulatedDisk copy = SimulatedDisk.from(damaged);
    try (SegmentedStore store = Stores.open(copy)) {
      judge(
          contents(store),
          store.statistics().recovery().findings(),
          damaged,
          file,
          position,
          damage);
      put(store, "new", "value");
    } catch (StoreUnavailableException e) {
      assertThat(e.reason())
          .as(damage)
          .isIn(StoreUnavailableException.Reason.DAMAGED, StoreUnavailableException.Reason.FOREIGN);
      assertThat(e.getMessage()).as(damage).containsAnyOf(file, ".log");
      assertThat(copy.processKill().with("LOCK", new byte[0]).contentHash())
          .as("%s: %s And yet something was changed.", damage, e.getMessage())
          .isEqualTo(damaged.with("LOCK", new byte[0]).contentHash());
    } catch (RuntimeException e) {
      fail(damage, e);
    }
  }

  private static Map<String, String> contents(SegmentedStore store) {
    Map<String, String> contents = new TreeMap<>();
    for (int i = 0; i < KEYS; i++) {
      String key = key(i);
      Optional<String> text = text(() -> Stores.text(store, key));
      assertThat(text(() -> Stores.textReadIntoArray(store, key))).as(key).isEqualTo(text);
      text.ifPresent(value -> contents.put(key, value));
    }
    return contents;
  }

  private static Optional<String> text(Supplier<Optional<String>> read) {
    try {
      return read.get();
    } catch (DamagedDataException e) {
      return Optional.of(DAMAGED);
    }
  }

  private void judge(
      Map<String, String> contents,
      List<String> findings,
      DiskImage damaged,
      String file,
      int position,
      String damage) {
    if (isBut(contents, now)) {
      return;
    }
    assertThat(file).as("%s lost something: %s, %s", damage, contents, findings).isEqualTo(logEnd);
    assertThat((long) position)
        .as("%s lost what was known to be durable: %s, %s", damage, contents, findings)
        .isGreaterThanOrEqualTo(durableLimit(damaged.bytes(file)));
    assertThat(history)
        .as("%s left what never was: %s", damage, contents)
        .anyMatch(state -> isBut(contents, state));
    boolean cutAtTheEnd = contentEnd(damaged.bytes(file)) <= position;
    assertThat(cutAtTheEnd || !findings.isEmpty()).as("%s is reported", damage).isTrue();
  }

  /** Whether nothing differs but keys that are known to be damaged. */
  private static boolean isBut(Map<String, String> contents, Map<String, String> state) {
    Map<String, String> expected = new TreeMap<>(state);
    contents.forEach((key, value) -> {
      if (value.equals(DAMAGED)) {
        expected.put(key, DAMAGED);
      }
    });
    return contents.equals(expected);
  }

  /** The highest durable offset that an intact watermark tells. */
  private long durableLimit(byte[] bytes) {
    FileIdentity identity =
        new FileIdentity(manifest().store(), FileNames.segmentNumber(logEnd).orElseThrow());
    long limit = 0;
    for (int at = SegmentHeader.LENGTH;
        at + Frame.WATERMARK_LENGTH <= bytes.length;
        at += Frame.ALIGNMENT) {
      try {
        FrameHead head = FrameHead.parse(bytes, at);
        if (!head.isRecord() && head.isIntact(identity, at)) {
          limit = Math.max(limit, head.durableOffset());
        }
      } catch (FormatException e) {
        // Nothing begins here.
      }
    }
    return limit;
  }
}
