package io.minikv.engine.compression;

import io.minikv.engine.format.FormatException;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/**
 * LZ4 blocks. The implementation in plain Java: it checks every index, so that damage that a
 * checksum missed cannot harm the process, and it needs no native access.
 */
final class Lz4Codec implements Codec {

  private final LZ4Factory factory = LZ4Factory.safeInstance();

  @Override
  public long code() {
    return 1;
  }

  @Override
  public int mostCompressedBytes(int length) {
    return factory.fastCompressor().maxCompressedLength(length);
  }

  @Override
  public int compress(byte[] bytes, byte[] target) {
    return factory.fastCompressor().compress(bytes, 0, bytes.length, target, 0, target.length);
  }

  @Override
  public void decompress(byte[] compressed, byte[] target) throws FormatException {
    int length;
    try {
      length =
          factory
              .safeDecompressor()
              .decompress(compressed, 0, compressed.length, target, 0, target.length);
    } catch (LZ4Exception e) {
      throw Decompressor.damaged(e.getMessage());
    }
    if (length != target.length) {
      throw Decompressor.damaged("it has " + length + " bytes, not " + target.length);
    }
  }
}
