package io.minikv.adapter.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;

/**
 * The words of a line up to the cursor, as they are typed, quotation marks and backslashes
 * included: what completion needs to know.
 *
 * @param line the whole line
 * @param cursor where the cursor stands in it
 * @param words the words before the cursor; the last one is that which is being typed, maybe empty
 */
record LineWords(String line, int cursor, List<String> words) implements CompletingParsedLine {

  /**
   * Takes lines apart for the line editor. Never refuses one: what is wrong is told when it is
   * carried out.
   */
  static final class Parser implements org.jline.reader.Parser {

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      return of(line, cursor);
    }

    @Override
    public boolean isEscapeChar(char c) {
      return false;
    }
  }

  static LineWords of(String line, int cursor) {
    byte[] typed = line.substring(0, cursor).getBytes(StandardCharsets.UTF_8);
    WordScanner scanner = new WordScanner(typed, true);
    List<String> words = new ArrayList<>();
    int wordEnd = 0;
    while (scanner.peek() != 0) {
      int start = scanner.position();
      scanner.next();
      wordEnd = scanner.position();
      words.add(new String(typed, start, wordEnd - start, StandardCharsets.UTF_8));
    }
    if (words.isEmpty() || wordEnd < typed.length) {
      words.add("");
    }
    return new LineWords(line, cursor, words);
  }

  @Override
  public String word() {
    return words.getLast();
  }

  @Override
  public int wordCursor() {
    return word().length();
  }

  @Override
  public int wordIndex() {
    return words.size() - 1;
  }

  @Override
  public CharSequence escape(CharSequence candidate, boolean complete) {
    return candidate;
  }

  @Override
  public int rawWordCursor() {
    return wordCursor();
  }

  @Override
  public int rawWordLength() {
    return word().length();
  }
}
