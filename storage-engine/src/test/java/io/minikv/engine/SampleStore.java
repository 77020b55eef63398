package io.minikv.engine;

import static io.minikv.engine.Stores.put;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.tools.FileDescription;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.time.Instant;

/** A store with a file of each kind, and what people are told of its files. */
final class SampleStore {

  private static final EngineOptions OPTIONS =
      Stores.SMALL_SEGMENTS.withLongestLoggedBytes(100).withClock(new MutableClock());

  private final DiskImage image;
  private final String storeId;

  /** One with these files. */
  SampleStore(DiskImage image) {
    this.image = image;
    this.storeId = storeId(image);
  }

  /** One that was closed in order. */
  static SampleStore closed() {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore store = SegmentedStore.open(disk, OPTIONS, EngineThreads.NONE)) {
      write(store);
    }
    return new SampleStore(disk.processKill());
  }

  /** One whose process was killed. */
  static SampleStore killed() {
    SimulatedDisk disk = new SimulatedDisk();
    write(SegmentedStore.open(disk, OPTIONS, EngineThreads.NONE));
    return new SampleStore(disk.processKill());
  }

  private static void write(SegmentedStore store) {
    put(store, "plain", "value");
    store.write(
        Mutation.Put.of(Key.of("typed\u0000"), Value.of("7"))
            .with(Attributes.of("type", "text/plain"))
            .with(Expiry.at(Instant.parse("2025-01-01T01:00:00Z"))));
    store.delete(Key.of("plain"));
    store.write(
        WriteBatch.of(
            Mutation.Put.of(Key.of("a"), Value.of("1")),
            Mutation.Delete.of(Key.of("typed\u0000")),
            Mutation.Put.of(Key.of("b"), Value.of("2"))));
    try (ValueWriter writer =
        store.openWriter(Key.of("large"), Attributes.none(), Expiry.never(), Condition.always())) {
      writer.write(Value.of("z".repeat(70_000)).asByteBuffer());
      writer.commit(Durability.OS);
    }
    put(store, "filler", "x".repeat(3_300));
    for (int i = 1; i <= 3; i++) {
      put(store, "more-" + i, "y".repeat(3_900));
    }
    store.count(KeyRange.all()); // Then the two smallest key files are merged.
  }

  private static String storeId(DiskImage image) {
    try {
      return Manifest.decode(image.bytes(FileNames.MANIFEST)).store().toString();
    } catch (FormatException e) {
      throw new AssertionError(e);
    }
  }

  /** Its id. */
  String storeId() {
    return storeId;
  }

  /** Its files. */
  DiskImage image() {
    return image;
  }

  /** What is told of a file. */
  String describe(String name) {
    return describe(image, name);
  }

  /** What is told of a file when some of the files are others; the id of the store is left out. */
  String describe(DiskImage changed, String name) {
    StringBuilder text = new StringBuilder();
    try {
      FileDescription.describe(SimulatedDisk.from(changed), name, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return text.toString().replace(storeId, "(id)");
  }

  /** What is told of a file one of whose bytes is another. */
  String describeDamaged(String name, int at) {
    return describe(image.with(name, damaged(name, at)), name);
  }

  /** The bytes of a file, with the lowest bit of one of them flipped. */
  byte[] damaged(String name, int at) {
    byte[] bytes = image.bytes(name);
    bytes[at] ^= 1;
    return bytes;
  }
}
