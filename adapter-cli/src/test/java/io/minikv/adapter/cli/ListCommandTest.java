package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import org.junit.jupiter.api.Test;

class ListCommandTest {

  private final Program program =
      new Program().with("b", "2").with("a", "1").with("user:2", "y").with("user:1", "x");

  @Test
  void printsAllKeysInOrderOneALine() {
    Program.Result result = program.run("list");

    assertThat(result.out()).isEqualTo("a\nb\nuser:1\nuser:2\n");
    assertThat(result.status()).isZero();
  }

  @Test
  void printsNothingOfAnEmptyStore() {
    Program.Result result = new Program().run("list");

    assertThat(result.out()).isEmpty();
    assertThat(result.status()).isZero();
  }

  @Test
  void printsKeysThatBeginWithAPrefix() {
    assertThat(program.run("list", "user:").out()).isEqualTo("user:1\nuser:2\n");
    assertThat(program.run("list", "--prefix", "user:").out()).isEqualTo("user:1\nuser:2\n");
    assertThat(program.run("list", "--hex", "75").out()).isEqualTo("757365723a31\n757365723a32\n");
  }

  @Test
  void refusesTwoPrefixes() {
    assertThat(program.run("list", "--prefix", "a", "b").status()).isEqualTo(2);
  }

  @Test
  void printsKeysFromOneToBeforeAnother() {
    assertThat(program.run("list", "--from", "b", "--to", "user:2").out()).isEqualTo("b\nuser:1\n");
  }

  @Test
  void narrowsAPrefixByBounds() {
    assertThat(program.run("list", "user:", "--from", "user:2").out()).isEqualTo("user:2\n");
  }

  @Test
  void printsAsManyAsAreWantedFromEitherEnd() {
    assertThat(program.run("list", "--limit", "2").out()).isEqualTo("a\nb\n");
    assertThat(program.run("list", "--reverse", "--limit", "1").out()).isEqualTo("user:2\n");
  }

  @Test
  void refusesANegativeLimit() {
    Program.Result result = program.run("list", "--limit", "-1");

    assertThat(result.err()).contains("not -1");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void keepsOneKeyOnOneLineWhateverItsBytes() {
    Program odd = new Program();
    odd.store.put(Key.copyOf(new byte[] {'a', '\n', 'b', '\\', (byte) 0xFF}), Value.of("v"));

    String printed = odd.run("list").out();

    assertThat(printed).isEqualTo("a\\x0ab\\\\\\xff\n");
    assertThat(odd.run("get", printed.strip()).out()).isEqualTo("v");
  }

  @Test
  void printsOneObjectALineInJson() {
    assertThat(program.run("list", "user:", "--json").out())
        .isEqualTo("{\"key\":\"user:1\"}\n{\"key\":\"user:2\"}\n");
  }
}
