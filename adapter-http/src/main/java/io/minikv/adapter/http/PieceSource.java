package io.minikv.adapter.http;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A body in pieces. For one thread at a time. */
interface PieceSource extends AutoCloseable {

  /**
   * The next piece, which stays as it is until the next call; nothing at the end. May wait for the
   * disk.
   */
  Optional<ByteBuffer> next();

  @Override
  void close();
}
