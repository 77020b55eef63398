package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import org.junit.jupiter.api.Test;

class ScanCommandTest {

  private final Program program = new Program().with("a", "1").with("b", "two words");

  @Test
  void printsKeyAndValueWithATabBetween() {
    assertThat(program.run("scan").out()).isEqualTo("a\t1\nb\ttwo words\n");
  }

  @Test
  void keepsOneEntryOnOneLineWhateverItsBytes() {
    program.store.put(Key.of("c"), Value.of("x\ty\nz\\"));

    assertThat(program.run("scan", "c").out()).isEqualTo("c\tx\\x09y\\x0az\\\\\n");
  }

  @Test
  void takesTheOptionsOfList() {
    assertThat(program.run("scan", "--reverse", "--limit", "1", "--to", "b").out())
        .isEqualTo("a\t1\n");
  }

  @Test
  void printsOneObjectALineInJson() {
    assertThat(program.run("scan", "--json", "--prefix", "a").out())
        .startsWith("{\"key\":\"a\",\"value\":\"1\",\"size\":1,\"version\":1,");
  }
}
