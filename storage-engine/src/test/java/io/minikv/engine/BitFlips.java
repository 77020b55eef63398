package io.minikv.engine;

import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** Damages files of a store, also of one that is open. */
final class BitFlips {

  private BitFlips() {}

  /** Flips one bit of a file, unless nothing was written to it yet. */
  static void flip(Disk disk, String name, Random random) throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ_WRITE)) {
      long size = file.size();
      if (size > 0) {
        flip(file, random.nextLong(size), 1 << random.nextInt(Byte.SIZE));
      }
    }
  }

  /** Flips the lowest bit of a byte of a file. */
  static void flip(Disk disk, String name, long at) throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ_WRITE)) {
      flip(file, at, 1);
    }
  }

  private static void flip(DiskFile file, long at, int bits) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    file.read(at, one);
    one.put(0, (byte) (one.get(0) ^ bits));
    file.write(at, one.flip());
  }

  /** Flips one bit in each so many bytes of a file. */
  static void flipEverywhere(Disk disk, String name, int every) throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ_WRITE)) {
      for (long at = 0; at < file.size(); at += every) {
        flip(file, at, 1);
      }
    }
  }
}
