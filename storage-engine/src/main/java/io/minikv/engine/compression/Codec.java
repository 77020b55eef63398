package io.minikv.engine.compression;

import io.minikv.engine.format.FormatException;

/** A way to compress bytes. Thread-safe. */
public sealed interface Codec permits Lz4Codec, ZstdCodec {

  /** Fast, and saves less. */
  Codec LZ4 = new Lz4Codec();

  /** Saves more, and takes longer. */
  Codec ZSTD = new ZstdCodec();

  /** The number that stands for it in files; see {@code docs/format/segment.md}. */
  long code();

  /** How much {@code length} bytes can take at the most when they are compressed. */
  int mostCompressedBytes(int length);

  /**
   * Compresses all of {@code bytes} into {@code target}, which has room for the most that they can
   * take.
   *
   * @return how many bytes they took
   */
  int compress(byte[] bytes, byte[] target);

  /**
   * Fills {@code target} with what was compressed.
   *
   * @throws FormatException when that is not of the codec, or does not fill it exactly
   */
  void decompress(byte[] compressed, byte[] target) throws FormatException;
}
