package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatsCommandTest {

  private final Program program = new Program().with("a", "12345");

  @Test
  void beginsWithTheLinesThatTheShellAlwaysHad() {
    assertThat(program.run("stats").out())
        .startsWith(
            """
            Store Statistics:
              Keys: 1
              Segments: 1
              Total size: 0.00 MB
              Active segment: 1
              Oldest segment: 1
              Live values: 5 bytes
            """)
        .contains(
            "\n  Durability: ", "\n  Filters since opening: 0 hits of 0", "\n  Health: good\n");
  }

  @Test
  void answersInJson() {
    assertThat(program.run("stats", "--json").out())
        .startsWith("{\"keys\":1,\"live_value_bytes\":5,\"disk_bytes\":0,")
        .contains(
            "\"filters\":{\"checks\":0,\"hits\":0}",
            "\"last_compaction\":null",
            "\"health\":{\"readable\":true,\"writable\":true,\"problems\":[]}");
    program.run("compact");
    assertThat(program.run("stats", "--json").out())
        .contains("\"last_compaction\":{\"started_at\":");
  }
}
