package io.minikv.engine;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Snapshots that are taken while others write. As soon as one has its name, the process is killed,
 * or the power is cut: the store must be the same with it and without.
 */
final class SnapshotRace implements DiskListener {

  private static final int WRITERS = 3;
  private static final int KEYS = 300;
  private static final int SNAPSHOTS = 12;

  /** As with a disk; meanwhile records are in the log that are not visible yet. */
  private static final long FORCE_NANOS = 100_000;

  private final EngineOptions options;
  private final SimulatedDisk disk = new SimulatedDisk();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final ConcurrentLinkedQueue<DiskImage> images = new ConcurrentLinkedQueue<>();
  private boolean named;

  SnapshotRace(Durability durability) {
    this.options = Stores.SMALL_SEGMENTS.withDurability(durability).withSegmentBytes(16 << 10);
  }

  /** Returns how many states were compared; throws when one differs. */
  long run() throws InterruptedException {
    try (SegmentedStore store = SegmentedStore.open(disk, options, EngineThreads.start())) {
      disk.listen(this);
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        long seed = i;
        writers.add(Thread.ofPlatform().start(() -> write(store, new Random(seed))));
      }
      try {
        for (int i = 0; i < SNAPSHOTS; i++) {
          store.snapshot();
        }
      } finally {
        stop.set(true);
        for (Thread writer : writers) {
          writer.join();
        }
        disk.listen(DiskListener.NONE);
      }
    }
    SnapshotProof proof = new SnapshotProof();
    for (DiskImage image : images) {
      proof.check(image, copy -> SegmentedStore.open(copy, options, EngineThreads.NONE));
    }
    return proof.compared();
  }

  private void write(SegmentedStore store, Random random) {
    while (!stop.get()) {
      Key key = Key.of("key-" + random.nextInt(KEYS));
      if (random.nextInt(4) == 0) {
        store.delete(key);
      } else {
        store.put(key, Value.wrap(new byte[random.nextInt(40)]));
      }
    }
  }

  @Override
  public void before(Operation operation) {
    boolean forces =
        operation.type() == OperationType.FORCE || operation.type() == OperationType.MAPPED_FORCE;
    if (forces && operation.file().endsWith(".log")) {
      LockSupport.parkNanos(FORCE_NANOS);
    }
  }

  @Override
  public void after(Operation operation) {
    if (operation.type() == OperationType.RENAME && operation.toString().contains("INDEX-")) {
      named = true;
    } else if (named && operation.type() == OperationType.FORCE_DIRECTORY) {
      named = false;
      images.add(disk.processKill());
      images.add(disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(1)).image());
    }
  }
}
