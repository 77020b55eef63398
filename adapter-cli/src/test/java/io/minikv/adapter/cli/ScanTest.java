package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScanTest {

  private final Program program = new Program().with("a", "1").with("b", "2").with("c", "3");
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void reportsADamagedEntryAndGoesOnBehindIt() {
    List<String> seen = new ArrayList<>();

    ExitStatus status =
        Scan.forEach(
            invocation(program.store),
            KeyRange.all(),
            ScanOptions.DEFAULT,
            cursor -> {
              if (cursor.key().equals(Key.of("b"))) {
                throw new DamagedDataException(
                    "Key b is damaged.", Optional.of(cursor.key()), "1.log");
              }
              seen.add(cursor.key().utf8());
            });

    assertThat(seen).containsExactly("a", "c");
    assertThat(status).isEqualTo(ExitStatus.DAMAGED);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("minikv: Key b is damaged.\n");
  }

  private Invocation invocation(InMemoryKeyValueStore store) {
    Output out = new Output(new ByteArrayOutputStream(), new Cancellation());
    Output errors = new Output(err, new Cancellation());
    return new Invocation(
        store,
        store,
        out,
        errors,
        new ErrorReporter(errors, Style.PLAIN, false),
        Optional.of(InputStream.nullInputStream()),
        Program.EXISTING,
        new Presentation(false, false, false, Style.PLAIN),
        Optional.empty());
  }
}
