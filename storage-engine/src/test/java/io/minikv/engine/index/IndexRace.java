package io.minikv.engine.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Readers that look for keys which are there all the time, while others come and go. All stand in
 * two shards, so that they are pushed from slot to slot, and tables are built anew all the time.
 */
public final class IndexRace {

  private static final int STABLE_KEYS = 400;
  private static final int READERS = 3;
  private static final int CHANGES = 300_000;
  private static final int MOST_PROBLEMS = 10;

  /** Locations are those of their keys, plus multiples of this. */
  private static final long KEY_BITS = 1L << 20;

  private final Index index = new ShardedIndex();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final Random random;

  /** With a seed for what comes and goes. */
  public IndexRace(long seed) {
    this.random = new Random(seed);
  }

  /** Returns what readers missed, or saw though it never was. */
  public List<String> run() throws InterruptedException {
    for (long key = 1; key <= STABLE_KEYS; key++) {
      index.add(hash(key), key);
    }
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(Thread.ofPlatform().start(this::readUntilStopped));
    }
    try {
      change();
    } finally {
      stop.set(true);
      for (Thread reader : readers) {
        reader.join();
      }
    }
    return List.copyOf(problems);
  }

  private void readUntilStopped() {
    try {
      while (!stop.get()) {
        for (long key = 1; key <= STABLE_KEYS; key++) {
          read(key);
        }
      }
    } catch (IOException | RuntimeException e) {
      report(e.toString());
    }
  }

  private void read(long key) throws IOException {
    long found =
        index.find(
            hash(key),
            location -> {
              if (location % KEY_BITS != key) {
                report("key " + key + " was looked for at " + location);
              }
              return location % KEY_BITS == key;
            });
    if (found == Index.NONE) {
      report("key " + key + " was missed");
    }
  }

  private void report(String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    }
  }

  /** Makes the tables grow and shrink, and moves the stable keys up by whole multiples. */
  private void change() {
    Map<Long, Long> moved = new HashMap<>();
    List<Long> present = new ArrayList<>();
    for (long i = 0; i < CHANGES && problems.isEmpty(); i++) {
      long wanted = 200 + Math.abs(i % 40_000 - 20_000) / 10;
      if (present.size() < wanted) {
        long churned = STABLE_KEYS + 1 + i;
        index.add(hash(churned), churned);
        present.add(churned);
      } else {
        int victim = random.nextInt(present.size());
        long churned = present.set(victim, present.getLast());
        present.removeLast();
        index.remove(hash(churned), churned);
      }
      long stable = 1L + random.nextInt(STABLE_KEYS);
      long from = moved.getOrDefault(stable, stable);
      index.replace(hash(stable), from, from + KEY_BITS);
      moved.put(stable, from + KEY_BITS);
    }
  }

  /** A hash of its own in one of two shards. */
  private static long hash(long key) {
    return (key * 0x9E3779B97F4A7C15L) >>> 12 | (key & 1) << 63;
  }
}
