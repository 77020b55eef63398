package io.minikv.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** The files that people edit, below a folder. */
record SourceTree(Path root) {

  /** The greatest number of lines of a Java file. */
  static final int MAX_LINES = 450;

  // Written so that this file does not find itself.
  private static final Pattern MARKER =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b|@Dis" + "abled\\b");

  /** Made by tools, or data. */
  private static final Set<String> SKIPPED =
      Set.of(".git", ".idea", ".vscode", "target", "data", "node_modules");

  /** The folder of the whole project, from wherever in it the tests run. */
  static SourceTree ofProject() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("architecture-tests"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("The tests must run in a folder of the project.");
      }
    }
    return new SourceTree(folder);
  }

  /** Java files that are too long to be one idea. */
  List<String> longFiles() {
    List<String> found = new ArrayList<>();
    forEach((path, text) -> {
      long lines = text.lines().count();
      if (path.toString().endsWith(".java") && lines > MAX_LINES) {
        found.add(path + ": " + lines + " lines, more than " + MAX_LINES);
      }
    });
    return found;
  }

  /** Lines that promise work for later, or switch a test off. */
  List<String> leftovers() {
    List<String> found = new ArrayList<>();
    forEach((path, text) -> {
      int number = 0;
      for (String line : text.lines().toList()) {
        number++;
        if (MARKER.matcher(line).find()) {
          found.add(path + ":" + number + ": " + line.strip());
        }
      }
    });
    return found;
  }

  /** How many Java files there are. */
  long javaFiles() {
    List<Path> found = new ArrayList<>();
    forEach((path, _) -> {
      if (path.toString().endsWith(".java")) {
        found.add(path);
      }
    });
    return found.size();
  }

  private void forEach(BiConsumer<Path, String> reader) {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              boolean skipped = SKIPPED.contains(String.valueOf(folder.getFileName()));
              return skipped && !folder.equals(root)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              // Any bytes are text in this encoding, and what is looked for is ASCII.
              reader.accept(
                  root.relativize(file), Files.readString(file, StandardCharsets.ISO_8859_1));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
