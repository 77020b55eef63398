package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {

  @TempDir Path directory;

  @Test
  void liesInTheStateDirectoryForItsOwnerAlone() throws IOException {
    Path state = directory.resolve("state");

    Path file = HistoryFile.prepare(Map.of("XDG_STATE_HOME", state.toString())).orElseThrow();

    assertThat(file).isEqualTo(state.resolve("minikv").resolve("history")).isEmptyFile();
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(permissions(state.resolve("minikv"))).isEqualTo("rwx------");
  }

  @Test
  void liesBelowTheHomeDirectoryOtherwise() {
    assertThat(HistoryFile.prepare(Map.of("HOME", directory.toString())))
        .contains(directory.resolve(".local/state/minikv/history"));
    assertThat(
            HistoryFile.prepare(Map.of("HOME", directory.toString(), "XDG_STATE_HOME", "relative")))
        .contains(directory.resolve(".local/state/minikv/history"));
  }

  @Test
  void keepsWhatIsThere() throws IOException {
    Map<String, String> variables = Map.of("HOME", directory.toString());
    Path file = HistoryFile.prepare(variables).orElseThrow();
    Files.writeString(file, "get a\n");

    HistoryFile.prepare(variables);

    assertThat(file).hasContent("get a\n");
  }

  @Test
  void isDoneWithoutWhereItCannotBe() throws IOException {
    Path notADirectory = Files.createFile(directory.resolve("file"));

    assertThat(HistoryFile.prepare(Map.of("HOME", notADirectory.toString()))).isEmpty();
    assertThat(HistoryFile.prepare(Map.of())).isEmpty();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
