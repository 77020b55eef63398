package io.minikv.engine;

import io.minikv.engine.compression.Codec;
import java.util.Optional;

/**
 * How values are made smaller. A store can be opened with another setting at any time: what is
 * stored stays as it is, and is read whatever the setting.
 */
public enum Compression {
  /** Not at all. */
  NONE(Optional.empty()),
  /** By LZ4: fast, and saves less. */
  LZ4(Optional.of(Codec.LZ4)),
  /** By Zstandard: saves more, and takes longer. Loads a native library. */
  ZSTD(Optional.of(Codec.ZSTD));

  private final Optional<Codec> codec;

  Compression(Optional<Codec> codec) {
    this.codec = codec;
  }

  Optional<Codec> codec() {
    return codec;
  }
}
