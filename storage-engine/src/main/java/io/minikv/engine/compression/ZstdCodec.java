package io.minikv.engine.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.minikv.engine.format.FormatException;

/**
 * Frames of Zstandard at its default level, through the native library. What that works with takes
 * some hundred kilobytes outside of the heap, and is kept for the next value.
 */
final class ZstdCodec implements Codec {

  private final Spares<ZstdCompressCtx> compressing =
      new Spares<>(ZstdCodec::newCompressing, ZstdCompressCtx::close);

  private final Spares<ZstdDecompressCtx> decompressing =
      new Spares<>(ZstdDecompressCtx::new, ZstdDecompressCtx::close);

  private static ZstdCompressCtx newCompressing() {
    return new ZstdCompressCtx().setLevel(Zstd.defaultCompressionLevel());
  }

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
    ZstdCompressCtx context = compressing.take();
    try {
      return context.compressByteArray(target, 0, target.length, bytes, 0, bytes.length);
    } finally {
      compressing.giveBack(context);
    }
  }

  @Override
  public void decompress(byte[] compressed, byte[] target) throws FormatException {
    ZstdDecompressCtx context = decompressing.take();
    int length;
    try {
      length =
          context.decompressByteArray(target, 0, target.length, compressed, 0, compressed.length);
    } catch (ZstdException e) {
      throw Decompressor.damaged(e.getMessage());
    } finally {
      decompressing.giveBack(context);
    }
    if (length != target.length) {
      throw Decompressor.damaged("it has " + length + " bytes, not " + target.length);
    }
  }
}
