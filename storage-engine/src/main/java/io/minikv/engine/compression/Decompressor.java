package io.minikv.engine.compression;

import io.minikv.engine.format.FormatException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gives compressed values back, of every codec there is, whatever the store is set to now. */
public final class Decompressor {

  private static final List<Codec> CODECS = List.of(Codec.LZ4, Codec.ZSTD);

  private Decompressor() {}

  /**
   * The value that was compressed.
   *
   * @param code the number of the codec
   * @param length of the value before it was compressed, which its record tells
   * @throws FormatException when the codec is not known, or the bytes are not what it wrote
   */
  public static byte[] decompress(long code, byte[] compressed, int length) throws FormatException {
    if (length > Compressor.MOST_BYTES) {
      throw damaged("no value of " + length + " bytes is ever compressed");
    }
    for (Codec codec : CODECS) {
      if (codec.code() == code) {
        byte[] value = new byte[length];
        codec.decompress(compressed, value);
        return value;
      }
    }
    throw new FormatException(
        FormatException.Kind.NEWER,
        "has a value that is compressed by codec " + code + ", which this program does not know");
  }

  static FormatException damaged(@Nullable String why) {
    return new FormatException(
        FormatException.Kind.DAMAGED, "has a compressed value that cannot be unpacked: " + why);
  }
}
