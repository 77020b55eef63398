package io.minikv.adapter.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A stream of lines and bytes. Buffers; what was written is out after {@link #flush()}. Takes
 * nothing more once the command that writes was cancelled.
 */
final class Output {

  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream stream;
  private final Cancellation cancellation;

  Output(OutputStream stream, Cancellation cancellation) {
    this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
    this.cancellation = cancellation;
  }

  /** Writes text in UTF-8 and a line feed. */
  void line(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
    bytes(new byte[] {'\n'});
  }

  void bytes(byte[] bytes) {
    cancellation.check();
    try {
      stream.write(bytes);
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }

  void flush() {
    try {
      stream.flush();
    } catch (IOException e) {
      throw new OutputException(e);
    }
  }
}
