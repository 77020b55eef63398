package io.minikv.engine.io;

import io.minikv.engine.io.PendingChange.Data;
import io.minikv.engine.io.PendingChange.Grow;
import io.minikv.engine.io.PendingChange.Truncate;
import java.util.Random;

/** What becomes of bytes and sizes that are not durable. */
public enum DataLoss {
  /** None of them is there. */
  ALL,
  /** All of them are there. */
  NONE,
  /** Those up to some moment are there; of the next write maybe its size. */
  AFTER_A_MOMENT,
  /** Those up to some moment are there, and any sectors of the next write. */
  TORN,
  /** Any of them are there, each as a whole. */
  ANY,
  /** Any sectors of any of them are there. */
  ANY_SECTORS,
  /** Every sector of the disk is as it was at some moment of its own, and every size too. */
  SECTORS_BY_AGE,
  /** All sizes are there, and few bytes. */
  SIZES_WITHOUT_DATA,
  /** One is missing. */
  ONE,
  /** Only one is there, and the sizes. */
  ALL_BUT_ONE;

  private static final int SECTOR_BYTES = 512;
  private static final int WORD_BYTES = 8;

  /** What a power cut does to each change in turn. */
  interface Survival {
    void apply(int file, PendingChange change, PagedBytes bytes);
  }

  /**
   * Decides for all changes.
   *
   * @param orders the orders of all pending changes, sorted, at least one
   */
  Survival choose(Random random, long[] orders) {
    long moment = orders[random.nextInt(orders.length)];
    long seed = random.nextLong();
    return switch (this) {
      case ALL -> (file, change, bytes) -> {};
      case NONE -> (file, change, bytes) -> change.applyTo(bytes);
      case AFTER_A_MOMENT -> (file, change, bytes) -> upTo(moment, change, bytes, seed);
      case TORN -> (file, change, bytes) -> tornAt(moment, change, bytes, seed);
      case ANY -> any(seed, random.nextInt(1, 8));
      case ANY_SECTORS -> anySectors(seed, random.nextInt(1, 8));
      case SECTORS_BY_AGE -> (file, change, bytes) -> byAge(file, change, bytes, orders, seed);
      case SIZES_WITHOUT_DATA -> sizesWithoutData(seed, random.nextInt(0, 3));
      case ONE -> (file, change, bytes) -> allButOne(moment, change, bytes);
      case ALL_BUT_ONE -> (file, change, bytes) -> onlyOne(moment, change, bytes);
    };
  }

  private static void upTo(long moment, PendingChange change, PagedBytes bytes, long seed) {
    boolean sizeOfNext = change.order() == moment && change instanceof Grow && seed < 0;
    if (change.order() < moment || sizeOfNext) {
      change.applyTo(bytes);
    }
  }

  private static void tornAt(long moment, PendingChange change, PagedBytes bytes, long seed) {
    if (change.order() < moment) {
      change.applyTo(bytes);
    } else if (change.order() == moment) {
      if (change instanceof Data data) {
        tear(data, bytes, seed);
      } else {
        change.applyTo(bytes);
      }
    }
  }

  private static Survival any(long seed, int eighths) {
    return (file, change, bytes) -> {
      boolean size = change instanceof Grow && chance(seed + 1, change.order(), 4);
      if (size || chance(seed, change.order(), eighths)) {
        change.applyTo(bytes);
      }
    };
  }

  private static Survival anySectors(long seed, int eighths) {
    return (file, change, bytes) -> {
      if (change instanceof Data data) {
        if (chance(seed, change.order(), eighths)) {
          tear(data, bytes, FileContent.mix(seed, change.order()));
        }
      } else if (chance(seed + 1, change.order(), 6)) {
        change.applyTo(bytes);
      }
    };
  }

  private static void byAge(
      int file, PendingChange change, PagedBytes bytes, long[] orders, long seed) {
    long ofFile = FileContent.mix(seed, file);
    switch (change) {
      case Grow grow -> {
        if (grow.order() < moment(orders, ofFile)) {
          grow.applyTo(bytes);
        }
      }
      case Truncate truncate -> {
        if (truncate.order() < moment(orders, ofFile)) {
          truncate.applyTo(bytes);
        }
      }
      case Data data -> {
        for (long sector = data.position() / SECTOR_BYTES;
            sector * SECTOR_BYTES < data.end();
            sector++) {
          if (data.order() < moment(orders, FileContent.mix(ofFile, sector))) {
            data.applyTo(bytes, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
          }
        }
      }
    }
  }

  /** One of the orders, or beyond the last. */
  private static long moment(long[] orders, long random) {
    int index = (int) Math.floorMod(random, (long) orders.length + 1);
    return index == orders.length ? Long.MAX_VALUE : orders[index];
  }

  private static Survival sizesWithoutData(long seed, int eighths) {
    return (file, change, bytes) -> {
      if (!(change instanceof Data) || chance(seed, change.order(), eighths)) {
        change.applyTo(bytes);
      }
    };
  }

  private static void allButOne(long one, PendingChange change, PagedBytes bytes) {
    if (change.order() != one || change instanceof Grow) {
      change.applyTo(bytes);
    }
  }

  private static void onlyOne(long one, PendingChange change, PagedBytes bytes) {
    if (change.order() == one || (change instanceof Grow && change.order() < one)) {
      change.applyTo(bytes);
    }
  }

  private static boolean chance(long seed, long order, int eighths) {
    return Math.floorMod(FileContent.mix(seed, order), 8) < eighths;
  }

  /**
   * Applies some sectors of a write. A store to a mapping can be half done when its sector is
   * written, so that one is cut at a word inside the sector.
   */
  private static void tear(Data data, PagedBytes bytes, long seed) {
    for (long sector = data.position() / SECTOR_BYTES;
        sector * SECTOR_BYTES < data.end();
        sector++) {
      long from = sector * SECTOR_BYTES;
      long random = FileContent.mix(seed, sector);
      if (data.isMapped()) {
        long words = Math.floorMod(random >> 8, (long) SECTOR_BYTES / WORD_BYTES + 1);
        data.applyTo(bytes, from, from + words * WORD_BYTES);
      } else if (random < 0) {
        data.applyTo(bytes, from, from + SECTOR_BYTES);
      }
    }
  }
}
