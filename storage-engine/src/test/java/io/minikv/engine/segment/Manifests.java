package io.minikv.engine.segment;

import io.minikv.engine.format.Manifest;
import io.minikv.engine.io.Disk;
import io.minikv.testkit.MutableClock;
import java.time.InstantSource;
import java.util.List;

/** MANIFESTs of stores that have no files yet, and what hands out their numbers. */
final class Manifests {

  static final long HASH_SEED = 3;
  static final long CREATED_AT_MILLIS = 1_000;

  private Manifests() {}

  /** One that hands out file numbers from 1 on, and was never written. */
  static Manifest first() {
    return new Manifest(Records.STORE, 0, HASH_SEED, CREATED_AT_MILLIS, 1, false, 0, List.of());
  }

  /** For a store that has nothing yet. */
  static SegmentDirectory directory(Disk disk, long segmentBytes) {
    return directory(disk, new MutableClock(), segmentBytes);
  }

  static SegmentDirectory directory(Disk disk, InstantSource clock, long segmentBytes) {
    return new SegmentDirectory(disk, clock, segmentBytes, first(), 1, () -> 0);
  }
}
