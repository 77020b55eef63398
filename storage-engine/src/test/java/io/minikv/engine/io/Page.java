package io.minikv.engine.io;

import com.dynatrace.hash4j.hashing.Hashing;

/** Some bytes of a simulated file that never change, shared by all states that have them. */
final class Page {

  static final int BYTES = 4096;

  static final Page ZEROS = new Page(new byte[BYTES]);

  private final byte[] bytes;
  private long hash;
  private boolean hashed;

  /** Takes the array over: the caller changes it no more. */
  Page(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  /**
   * The same for equal bytes. Two threads may compute it at the same time, with the same outcome.
   */
  synchronized long hash() {
    if (!hashed) {
      hash = Hashing.xxh3_64().hashBytesToLong(bytes);
      hashed = true;
    }
    return hash;
  }
}
