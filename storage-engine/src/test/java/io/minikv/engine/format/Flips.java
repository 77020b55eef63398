package io.minikv.engine.format;

import java.util.function.BiConsumer;

/** Damages bytes, one bit at a time. */
final class Flips {

  private Flips() {}

  /** Hands out a copy for each bit, with that bit flipped. */
  static void ofEveryBit(byte[] bytes, BiConsumer<Integer, byte[]> check) {
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      check.accept(bit, damaged);
    }
  }
}
