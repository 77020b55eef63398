package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WordScannerTest {

  @Test
  void splitsAtBlanks() {
    assertThat(words("  get \t key  ", false)).containsExactly("get", "key");
    assertThat(words("", false)).isEmpty();
  }

  @Test
  void takesQuotedPartsAsTheyAre() {
    assertThat(words("'a b' \"c d\" e'f 'g\"h\"", false)).containsExactly("a b", "c d", "ef gh");
    assertThat(words("'' \"\"", false)).containsExactly("", "");
    assertThat(words("'a\\n\"b'", false)).containsExactly("a\\n\"b");
  }

  @Test
  void knowsEscapesOutsideSingleQuotes() {
    assertThat(words("a\\ b \"\\\"\\\\\" \\x41\\x42 \\n\\t\\r \\'", false))
        .containsExactly("a b", "\"\\", "AB", "\n\t\r", "'");
  }

  @Test
  void refusesWhatIsNotFinished() {
    assertThatThrownBy(() -> words("get 'a", false))
        .hasMessageStartingWith("the quotation mark at position 5 is never closed");
    assertThatThrownBy(() -> words("get \"a", false)).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> words("get a\\", false))
        .hasMessageStartingWith("the backslash at position 6 begins nothing");
    assertThatThrownBy(() -> words("\\x4", false)).isInstanceOf(UsageException.class);
  }

  @Test
  void takesWhatIsThereOfALineThatIsStillBeingTyped() {
    assertThat(words("get 'a b", true)).containsExactly("get", "a b");
    assertThat(words("get \"a b", true)).containsExactly("get", "a b");
    assertThat(words("get a\\", true)).containsExactly("get", "a");
  }

  private static List<String> words(String line, boolean lenient) {
    WordScanner scanner = new WordScanner(line.getBytes(StandardCharsets.UTF_8), lenient);
    List<String> words = new ArrayList<>();
    for (Optional<byte[]> word = scanner.next(); word.isPresent(); word = scanner.next()) {
      words.add(new String(word.get(), StandardCharsets.UTF_8));
    }
    return words;
  }
}
