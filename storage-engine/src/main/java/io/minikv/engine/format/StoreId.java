package io.minikv.engine.format;

import java.util.HexFormat;

/**
 * What tells one store's files from another's: 128 random bits, drawn when the store is created.
 *
 * @param high its first eight bytes
 * @param low its last eight bytes
 */
public record StoreId(long high, long low) {

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
