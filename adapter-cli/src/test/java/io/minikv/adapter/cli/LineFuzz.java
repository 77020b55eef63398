package io.minikv.adapter.cli;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Any bytes as what a user types: they are understood, or refused with a reason. */
public final class LineFuzz {

  private LineFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    for (Encoding encoding : Encoding.values()) {
      byte[] again = encoding.decode(encoding.encode(data), "key");
      require(Arrays.equals(again, data), "other bytes by " + encoding);
      attempt(() -> encoding.decode(new String(data, StandardCharsets.UTF_8), "key"));
    }
    require(!Notation.escape(data).contains("\n"), "a line break");
    Notation.display(data);
    attempt(() -> words(data, false));
    require(words(data, true) <= data.length, "more words than bytes");
    String line = new String(data, StandardCharsets.UTF_8);
    for (int cursor = 0; cursor <= line.length(); cursor += 1 + line.length() / 4) {
      LineWords.of(line, cursor);
    }
  }

  private static int words(byte[] line, boolean lenient) {
    WordScanner scanner = new WordScanner(line, lenient);
    int words = 0;
    while (scanner.next().isPresent()) {
      words++;
    }
    require(scanner.position() == line.length, "something is left of the line");
    return words;
  }

  private static void attempt(Runnable reading) {
    try {
      reading.run();
    } catch (UsageException e) {
      require(!e.getMessage().isBlank(), "it does not say why");
    }
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new AssertionError(problem);
    }
  }
}
