package io.minikv.engine.read;

import io.minikv.engine.format.Frame;
import io.minikv.engine.segment.DamagedSegmentException;
import java.io.Closeable;
import java.io.IOException;

/** The bytes of one value, verified, wherever they are stored. Thread-safe. */
interface ValueSource extends Closeable {

  /** The name of the file that holds them. */
  String name();

  /**
   * Reads whole blocks.
   *
   * @param from where in the value to begin, a multiple of {@link Frame#BLOCK_LENGTH}
   * @param target where to, from its start on
   * @param length how many bytes; whole blocks, or up to the end of the value
   * @throws DamagedSegmentException when they are damaged
   */
  void read(int from, byte[] target, int length) throws IOException;
}
