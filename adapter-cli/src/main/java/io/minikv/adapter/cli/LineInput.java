package io.minikv.adapter.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads lines of any length as bytes. A line feed ends one, and so does the end of the input. */
final class LineInput {

  private static final int BUFFER_BYTES = 64 << 10;

  private final InputStream stream;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int end;

  LineInput(InputStream stream) {
    this.stream = stream;
  }

  /** Whether the next line has to be waited for, as far as can be told. */
  boolean mustWait() {
    return position == end;
  }

  /** The next line without its end, or nothing when there is none. */
  Optional<byte[]> next() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean any = false;
    while (position < end || fill()) {
      any = true;
      int start = position;
      while (position < end && buffer[position] != '\n') {
        position++;
      }
      line.write(buffer, start, position - start);
      if (position < end) {
        position++;
        return Optional.of(line.toByteArray());
      }
    }
    return any ? Optional.of(line.toByteArray()) : Optional.empty();
  }

  private boolean fill() {
    try {
      position = 0;
      end = Math.max(0, stream.read(buffer));
      return end > 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read standard input: " + e.getMessage(), e);
    }
  }
}
