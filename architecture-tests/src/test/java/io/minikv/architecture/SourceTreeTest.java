package io.minikv.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTreeTest {

  private static final SourceTree PROJECT = SourceTree.ofProject();

  @Test
  void theWholeProjectIsLookedAt() {
    assertThat(PROJECT.javaFiles()).isGreaterThan(100);
  }

  @Test
  void noJavaFileIsTooLongToBeOneIdea() {
    assertThat(PROJECT.longFiles()).isEmpty();
  }

  @Test
  void aLongFileIsFound(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("Long.java"), "\n".repeat(SourceTree.MAX_LINES + 1));
    Files.writeString(folder.resolve("Short.java"), "\n".repeat(SourceTree.MAX_LINES));
    assertThat(new SourceTree(folder).longFiles())
        .containsExactly("Long.java: 451 lines, more than 450");
  }

  @Test
  void nothingIsLeftForLaterAndNoTestIsOff() {
    assertThat(PROJECT.leftovers()).isEmpty();
  }

  @Test
  void markersAreFoundInAnyFile(@TempDir Path folder) throws IOException {
    Path sources = Files.createDirectories(folder.resolve("module/src"));
    Files.writeString(sources.resolve("A.java"), "class A {\n  // TO" + "DO: later\n}\n");
    Files.writeString(sources.resolve("B.java"), "  @Dis" + "abled(\"flaky\")\n");
    Files.writeString(folder.resolve("build.xml"), "<!-- FIX" + "ME -->\n");
    Files.writeString(folder.resolve("notes.md"), "the shell's TO" + "DOS and todo lists\n");
    assertThat(new SourceTree(folder).leftovers())
        .containsExactlyInAnyOrder(
            "module/src/A.java:2: // TO" + "DO: later",
            "module/src/B.java:1: @Dis" + "abled(\"flaky\")",
            "build.xml:1: <!-- FIX" + "ME -->");
  }
}
