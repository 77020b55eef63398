package io.minikv.engine.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.minikv.engine.format.FormatException;

/** Frames of Zstandard at its default level, through the native library. */
final class ZstdCodec implements Codec {

  @Override
  public long code() {
    return 2;
  }

  @Override
  public int mostCompressedBytes(int length) {
    return Math.toIntExact(Zstd.compressBound(length));
  }

  @Override
  public int compress(byte[] bytes, byte[] target) {
    long length =
        Zstd.compressByteArray(
            target, 0, target.length, bytes, 0, bytes.length, Zstd.defaultCompressionLevel());
    return Math.toIntExact(length);
  }

  @Override
  public void decompress(byte[] compressed, byte[] target) throws FormatException {
    long length;
    try {
      length = Zstd.decompressByteArray(target, 0, target.length, compressed, 0, compressed.length);
    } catch (ZstdException e) {
      throw Decompressor.damaged(e.getMessage());
    }
    if (length != target.length) {
      throw Decompressor.damaged("it has " + length + " bytes, not " + target.length);
    }
  }
}
