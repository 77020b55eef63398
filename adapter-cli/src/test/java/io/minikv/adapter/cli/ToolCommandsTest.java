package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.maintenance.CheckpointReport;
import io.minikv.domain.maintenance.Damage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** verify, inspect, repair, backup and restore. */
class ToolCommandsTest {

  private static final Path HERE = Program.EXISTING;

  private final Program program = new Program();

  private void damage() {
    program.tools.damages =
        List.of(
            new Damage("MANIFEST", 0, 10, Optional.empty(), "ends after 10 bytes"),
            new Damage("000000001.log", 64, 40, Optional.of(Key.of("a\u0001")), "has a bad value"));
  }

  @Test
  void verifyReadsTheFilesAndOpensNoStore() {
    Program.Result result = program.run("verify", "--data-dir", "store");

    assertThat(result.out())
        .isEqualTo("Verified 3 files with 7 records in 1000 bytes: all is whole\n");
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(program.tools.calls).containsExactly("verify " + HERE.resolve("store"));
    assertThat(program.opened).isEmpty();
  }

  @Test
  void verifyListsDamagedPlacesAndEndsWithFour() {
    damage();

    Program.Result result = program.run("verify");

    assertThat(result.out())
        .isEqualTo(
            """
            MANIFEST, at byte 0: ends after 10 bytes
            000000001.log, at byte 64, key a\\x01: has a bad value
            Verified 3 files with 7 records in 1000 bytes: 2 places are damaged
            """);
    assertThat(result.status()).isEqualTo(4);
  }

  @Test
  void verifyAnswersInJson() {
    damage();

    assertThat(program.run("verify", "--json").out())
        .isEqualTo(
            "{\"status\":\"damaged\",\"files\":3,\"records\":7,\"bytes\":1000,\"took_ms\":5,\"damages\":["
                + "{\"file\":\"MANIFEST\",\"offset\":0,\"length\":10,\"description\":\"ends after 10 bytes\"}, "
                + "{\"file\":\"000000001.log\",\"offset\":64,\"length\":40,"
                + "\"description\":\"has a bad value\",\"key\":\"a\\u0001\"}]}\n");
  }

  @Test
  void onATerminalTheProgressIsShownAndErased() {
    Program.Result result = program.onTerminal().run("verify");

    assertThat(result.err())
        .isEqualTo("\r\u001b[K 50% of 100.0 MB\r\u001b[K100% of 100.0 MB\r\u001b[K");
  }

  @Test
  void inTheShellVerifyAsksTheOpenStore() {
    Program.Result result = program.with("a", "1").typing("verify\n").run();

    assertThat(result.out()).startsWith("Verified ").endsWith(": all is whole\n");
    assertThat(program.tools.calls).isEmpty();
  }

  @Test
  void inspectPrintsTheDescriptionWithoutWhatATerminalObeys() {
    program.tools.description = "MANIFEST: whole\n  odd \u001b[31m\n";

    Program.Result result = program.run("inspect", "data/MANIFEST");

    assertThat(result.out()).isEqualTo("MANIFEST: whole\n  odd \\x1b[31m\n");
    assertThat(result.status()).isZero();
    assertThat(program.tools.calls).containsExactly("inspect " + HERE.resolve("data/MANIFEST"));
    assertThat(program.run("inspect", "--json", "MANIFEST").out())
        .startsWith("{\"line\":\"MANIFEST: whole\"}\n{\"line\":");
  }

  @Test
  void repairSaysWhatItSavedAndWhatItCouldNot() {
    assertThat(program.run("repair", "old", "new").out())
        .isEqualTo("Saved 7 entries in " + HERE.resolve("new") + "\n");
    assertThat(program.tools.calls)
        .containsExactly("repair " + HERE.resolve("old") + " " + HERE.resolve("new"));
    damage();

    Program.Result result = program.run("repair", "old", "new");

    assertThat(result.out())
        .endsWith("key a\\x01: has a bad value\nSaved 7 entries in " + HERE.resolve("new") + "\n");
    assertThat(result.status()).isEqualTo(4);
    assertThat(program.run("repair", "--json", "old", "new").out())
        .startsWith("{\"status\":\"Repair finished\",")
        .contains("\"saved_entries\":7,\"damages\":[{");
  }

  @Test
  void restoreSaysThatItDidOrThatTheBackupIsDamaged() {
    assertThat(program.run("restore", "backup", "new").out())
        .isEqualTo("Restored 7 records in " + HERE.resolve("new") + "\n");
    assertThat(program.tools.calls)
        .containsExactly("restore " + HERE.resolve("backup") + " " + HERE.resolve("new"));
    damage();

    Program.Result result = program.run("restore", "backup", "new");

    assertThat(result.out()).endsWith("The backup is damaged; nothing was restored\n");
    assertThat(result.status()).isEqualTo(4);
  }

  @Test
  void backupMakesACheckpoint() {
    program.answering(
        "checkpoint",
        () -> new CheckpointReport(HERE.resolve("copy"), 9, 4, 500, Duration.ofMillis(3)));

    assertThat(program.run("backup", "copy").out())
        .isEqualTo(
            "Backup of 4 files with 500 bytes, up to version 9, in " + HERE.resolve("copy") + "\n");
    assertThat(program.run("backup", "copy", "--json").out())
        .contains("\"sequence\":9,\"files\":4,\"bytes\":500,\"took_ms\":3}");
    assertThat(program.typing("backup copy\n").run().out()).startsWith("Backup of 4 files");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "repair", "restore", "backup"})
  void anArgumentThatIsMissingIsWrongUsage(String command) {
    Program.Result result = program.run(command);

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("'minikv help " + command + "'");
    assertThat(program.opened).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "inspect", "repair", "restore", "backup"})
  void helpSaysWhatACommandDoes(String command) {
    Program.Result result = program.run("help", command);

    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("Usage: minikv " + command).contains("--json");
  }

  @Test
  void aStoreInUseIsOneClearLine() {
    program.failingTo(
        "open",
        new StoreUnavailableException(
            StoreUnavailableException.Reason.IN_USE, "The store is in use.", null));

    assertThat(program.run("backup", "copy").status()).isEqualTo(3);
  }
}
