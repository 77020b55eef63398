package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsIT {

  @TempDir Path folder;

  @Test
  void aValueOfAnyBytesGoesInAndComesOutExactly() throws IOException {
    byte[] value = new byte[70_000];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) (i * 31 + (i >> 8));
    }
    Path file = Files.write(folder.resolve("value.bin"), value);

    ProgramProcess set = ProgramProcess.run(folder, Map.of(), file, "set", "a/b ü", "-");
    assertThat(set.exitStatus()).as(set.stderr()).isZero();
    assertThat(set.stderr()).isEmpty();

    ProgramProcess get = ProgramProcess.run(folder, Map.of(), "get", "a/b ü");
    assertThat(get.exitStatus()).as(get.stderr()).isZero();
    assertThat(get.stdoutBytes()).isEqualTo(value);
    assertThat(get.stderr()).isEmpty();
  }

  @Test
  void aKeyThatIsNotThereIsStatusOne() {
    assertThat(ProgramProcess.run(folder, Map.of(), "set", "a", "b").exitStatus()).isZero();
    ProgramProcess get = ProgramProcess.run(folder, Map.of(), "get", "z");
    assertThat(get.exitStatus()).isEqualTo(1);
    assertThat(get.stderr()).isEqualTo("Key not found\n");
  }

  @Test
  void readingWhereThereIsNoStoreCreatesNone() {
    ProgramProcess get = ProgramProcess.run(folder, Map.of(), "--data-dir", ".", "get", "a");
    assertThat(get.exitStatus()).isEqualTo(3);
    assertThat(get.stderr()).hasLineCount(1).contains("there is no store in " + folder);
    assertThat(folder.resolve("MANIFEST")).doesNotExist();
  }

  @Test
  void aPipedShellAnswersPlainly() throws IOException {
    Path lines = Files.writeString(folder.resolve("lines"), "set k some words\nget k\nlist\n");
    ProgramProcess shell = ProgramProcess.run(folder, Map.of(), lines);
    assertThat(shell.exitStatus()).as(shell.stderr()).isZero();
    assertThat(shell.stdout()).isEqualTo("OK\nsome words\n  k\n");
    assertThat(shell.stderr()).isEmpty();
  }

  @Test
  void aStoreIsBackedUpVerifiedRestoredAndRepaired() throws IOException {
    assertThat(run("set", "a", "1").exitStatus()).isZero();
    assertThat(run("backup", "copy").stdout()).startsWith("Backup of ");
    assertThat(run("set", "a", "2").exitStatus()).isZero();
    assertThat(run("verify").stdout()).endsWith(": all is whole\n");
    assertThat(run("inspect", "data/MANIFEST").stdout()).contains("format version 1, whole");

    assertThat(run("restore", "copy", "restored").stdout()).startsWith("Restored 1 records in ");
    assertThat(run("--data-dir", "restored", "get", "a").stdout()).isEqualTo("1");

    Files.delete(folder.resolve("data/MANIFEST"));
    assertThat(run("verify").exitStatus()).isEqualTo(4);
    assertThat(run("get", "a").exitStatus()).isNotZero();
    ProgramProcess repair = run("repair", "data", "saved");
    assertThat(repair.exitStatus()).isEqualTo(4);
    assertThat(repair.stdout()).contains("MANIFEST, at byte 0: is missing", "Saved 1 entries in ");
    assertThat(run("--data-dir", "saved", "get", "a").stdout()).isEqualTo("2");
    assertThat(run("repair", "data", "saved").exitStatus()).isEqualTo(2);
  }

  private ProgramProcess run(String... arguments) {
    return ProgramProcess.run(folder, Map.of(), arguments);
  }

  @Test
  void wrongSettingsOfTheStoreAreToldAndThoseOfTheServerDoNotMatter() {
    ProgramProcess wrong = ProgramProcess.run(folder, Map.of("DURABILITY", "no"), "set", "a", "b");
    assertThat(wrong.exitStatus()).isEqualTo(2);
    assertThat(wrong.stderr()).hasLineCount(1).contains("DURABILITY=no is wrong");
    ProgramProcess fine = ProgramProcess.run(folder, Map.of("PORT", "no"), "set", "a", "b");
    assertThat(fine.exitStatus()).isZero();
  }
}
