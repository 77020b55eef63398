package io.minikv.engine.format;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What tells one store's files from another's: 128 random bits, drawn when the store is created.
 *
 * @param high its first eight bytes
 * @param low its last eight bytes
 */
public record StoreId(long high, long low) {

  // Spelled out, as what a record has by itself takes long when it is first used, at an opening.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoreId(long otherHigh, long otherLow)
        && high == otherHigh
        && low == otherLow;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high ^ low);
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
