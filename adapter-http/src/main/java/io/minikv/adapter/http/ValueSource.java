package io.minikv.adapter.http;

import io.minikv.domain.ValueReader;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A part of a stored value, in pieces of 64 KiB. */
final class ValueSource implements PieceSource {

  private static final int PIECE_BYTES = 64 << 10;

  private final ValueReader reader;
  private final long end;
  private final ByteBuffer piece;
  private long position;

  ValueSource(ValueReader reader, long from, long length) {
    this.reader = reader;
    this.position = from;
    this.end = from + length;
    this.piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, length));
  }

  @Override
  public Optional<ByteBuffer> next() {
    if (position >= end) {
      return Optional.empty();
    }
    piece.clear().limit((int) Math.min(piece.capacity(), end - position));
    int count = reader.read(position, piece);
    if (count < 0) {
      throw new IllegalStateException("The value ends at " + position + ", before its length.");
    }
    position += count;
    return Optional.of(piece.flip());
  }

  @Override
  public void close() {
    reader.close();
  }
}
