package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.junit.jupiter.api.Test;

class ShellCompleterTest {

  /** Completion does not look at the reader. */
  private static final LineReader NO_READER = null;

  private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
  private final ShellCompleter completer = new ShellCompleter(CommandLines.shell(), store);

  @Test
  void completesCommands() {
    assertThat(complete("")).contains("get", "set", "list", "help", "quit");
    assertThat(complete("help ")).contains("get", "stats").doesNotContain("quit");
  }

  @Test
  void completesOptions() {
    assertThat(complete("list --"))
        .contains("--prefix", "--json", "--reverse")
        .doesNotContain("--ttl");
  }

  @Test
  void completesKeys() {
    put("user:1", "user:2", "other");

    assertThat(complete("get us")).containsExactly("user:1", "user:2");
    assertThat(complete("get ")).containsExactly("other", "user:1", "user:2");
    assertThat(complete("stats ")).isEmpty();
    assertThat(complete("fly us")).isEmpty();
  }

  @Test
  void writesKeysSoThatTheyCanBeRead() {
    put("a b", "a\"c", "a\\d");

    assertThat(complete("get a")).containsExactly("a\\ b", "a\\\"c", "a\\\\d");
    assertThat(complete("get \"a")).containsExactly("\"a b\"", "\"a\\\"c\"", "\"a\\\\d\"");
    assertThat(complete("get a\\ ")).containsExactly("a\\ b");
  }

  @Test
  void inSingleQuotesOffersOnlyWhatCanStandThere() {
    put("a b", "a'c", "a\nd");

    assertThat(complete("get 'a")).containsExactly("'a b'");
  }

  @Test
  void offersNoMoreKeysThanAPersonCanLookThrough() {
    for (int number = 0; number < 150; number++) {
      put("key" + number);
    }

    assertThat(complete("get key")).hasSize(100);
  }

  @Test
  void offersNothingWhenTheStoreIsClosed() {
    store.close();

    assertThat(complete("get a")).isEmpty();
  }

  private void put(String... keys) {
    for (String key : keys) {
      store.put(Key.of(key), Value.empty());
    }
  }

  private List<String> complete(String line) {
    List<Candidate> candidates = new ArrayList<>();
    completer.complete(NO_READER, LineWords.of(line, line.length()), candidates);
    return candidates.stream().map(Candidate::value).toList();
  }
}
