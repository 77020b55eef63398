package io.minikv.engine;

import io.minikv.engine.compression.Codec;
import java.util.Optional;

/**
 * How values are made smaller. A store can be opened with another setting at any time: what is
 * stored stays as it is, and is read whatever the setting.
 */
public enum Compression {
  /** Not at all. */
  NONE,
  /** By LZ4: fast, and saves less. */
  LZ4,
  /** By Zstandard: saves more, and takes longer. Loads a native library. */
  ZSTD;

  Optional<Codec> codec() {
    return switch (this) {
      case NONE -> Optional.empty();
      case LZ4 -> Optional.of(Codec.LZ4);
      case ZSTD -> Optional.of(Codec.ZSTD);
    };
  }
}
