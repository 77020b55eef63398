package io.minikv.engine;

import io.minikv.domain.Cursor;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.Reforged;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A small store with some bytes of one of its files changed and the checksums made to fit: it is
 * refused, or it can be used, and fails only with the errors that are documented. What it holds
 * then cannot be known, as somebody made it fit on purpose.
 */
final class FuzzedStore {

  private static final EngineOptions OPTIONS = Stores.SMALL_SEGMENTS;
  private static final int EDIT_LENGTH = 3;

  private final DiskImage image;
  private final List<String> names;

  /** Files of a store that ended so, those whose names are chosen. */
  FuzzedStore(DamageScenario.Ending ending, Predicate<String> chosen) {
    this.image = new DamageScenario(ending).image();
    this.names = image.names().stream().filter(chosen).toList();
  }

  /**
   * Uses the store after edits.
   *
   * @param data which file; how much of its end is missing; then for each edit a position of two
   *     bytes and what is written there
   */
  void use(byte[] data) {
    if (data.length < EDIT_LENGTH) {
      return;
    }
    String name = names.get((data[0] & 0xFF) % names.size());
    byte[] bytes = image.bytes(name);
    for (int at = 2; at + EDIT_LENGTH <= data.length; at += EDIT_LENGTH) {
      int position = ((data[at] & 0xFF) << 8) | (data[at + 1] & 0xFF);
      bytes[position % bytes.length] = data[at + 2];
    }
    int length = Math.max(0, bytes.length - 8 * (data[1] & 0xFF));
    byte[] cut = data[1] == 0 ? bytes : Arrays.copyOf(bytes, length);
    use(SimulatedDisk.from(image.with(name, Reforged.file(name, cut))));
  }

  private static void use(SimulatedDisk disk) {
    try (SegmentedStore store = SegmentedStore.open(disk, OPTIONS, EngineThreads.NONE)) {
      for (int i = 0; i < 20; i++) {
        Key key = Key.of("key-" + i);
        attempt(() -> store.get(key));
        attempt(() -> store.read(key, new byte[10]));
      }
      attempt(() -> readAll(store));
      attempt(() -> store.count(KeyRange.all()));
      attempt(() -> store.put(Key.of("another"), Value.of("value")));
      attempt(() -> store.delete(Key.of("key-1")));
      attempt(() -> store.verify(ProgressListener.NONE));
      attempt(() -> store.compact(ProgressListener.NONE));
      attempt(() -> readAll(store));
    } catch (StoreUnavailableException | NotWritableException e) {
      requireReason(e);
    }
  }

  private static void attempt(Runnable use) {
    try {
      use.run();
    } catch (DamagedDataException | NotWritableException e) {
      requireReason(e);
    }
  }

  private static void readAll(SegmentedStore store) {
    try (Cursor cursor = store.scan(KeyRange.all())) {
      while (cursor.next()) {
        attempt(cursor::entry);
        attempt(() -> cursor.readValue(new byte[10]));
      }
    }
  }

  private static void requireReason(RuntimeException e) {
    if (e.getMessage().isBlank()) {
      throw new AssertionError("It does not say what is wrong.", e);
    }
  }
}
