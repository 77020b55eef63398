package io.minikv.engine.format;

import java.util.zip.CRC32C;

/** CRC-32C (RFC 3720, appendix B.4) of parts of byte arrays. */
public final class Checksum {

  private Checksum() {}

  /** Of {@code length} bytes from {@code from} on. */
  public static int of(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
