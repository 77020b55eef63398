package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.NotSupportedException;
import io.minikv.domain.maintenance.SnapshotReport;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SnapshotCommandTest {

  private final Program program = new Program().with("a", "12345");

  @Test
  void saysThatTheStoreHasNone() {
    program.failingTo("snapshot", new NotSupportedException("This store has no snapshots yet."));

    Program.Result result = program.run("snapshot");

    assertThat(result.err()).isEqualTo("minikv: This store has no snapshots yet.\n");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void reportsInJson() {
    program.answering("snapshot", () -> new SnapshotReport(7, 1, 100, Duration.ofMillis(5)));

    assertThat(program.run("snapshot").out()).isEqualTo("Snapshot saved\n");
    assertThat(program.run("snapshot", "--json").out())
        .isEqualTo(
            "{\"status\":\"Snapshot saved\",\"sequence\":7,\"keys\":1,\"bytes\":100,\"took_ms\":5}\n");
  }
}
