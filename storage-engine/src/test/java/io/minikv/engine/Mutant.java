package io.minikv.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * The engine with one mistake: a snippet of one source file replaced by another.
 *
 * @param name what is wrong with it
 * @param hunt what should find it: see {@link MutantHunt}
 * @param source the file, below the package of the engine
 * @param snippet what is replaced; must stand in it exactly once
 * @param replacement what stands there instead
 */
record Mutant(String name, String hunt, String source, String snippet, String replacement) {

  private static final String PACKAGE = "io.minikv.engine.";

  /** Hunts it with classes compiled into a directory; returns what found it, or nothing. */
  String hunt(Path directory) throws Exception {
    compile(directory);
    try (URLClassLoader loader = new ChildFirst(directory)) {
      Object hunter =
          loader.loadClass(PACKAGE + "MutantHunt").getConstructor(String.class).newInstance(hunt);
      return (String) ((Callable<?>) hunter).call();
    }
  }

  private void compile(Path directory) throws IOException {
    String original = Files.readString(sources().resolve(source));
    int at = original.indexOf(snippet);
    if (at < 0 || original.indexOf(snippet, at + 1) >= 0) {
      throw new AssertionError(
          "The snippet of the mutant \"%s\" does not stand in %s exactly once. Adapt the mutant: %s"
              .formatted(name, source, snippet));
    }
    String mutated = original.replace(snippet, replacement);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(directory));
      List<String> options =
          List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
      SourceText text = new SourceText(source, mutated);
      if (!compiler.getTask(null, files, null, options, null, List.of(text)).call()) {
        throw new AssertionError("The mutant \"" + name + "\" does not compile");
      }
    }
  }

  /** Where the sources of the engine are, from the module or from the root of the project. */
  private static Path sources() {
    String below = "src/main/java/io/minikv/engine";
    Path inModule = Path.of(below);
    return Files.isDirectory(inModule) ? inModule : Path.of("storage-engine", below);
  }

  /** A changed source file. */
  private static final class SourceText extends SimpleJavaFileObject {

    private final String text;

    SourceText(String path, String text) {
      super(URI.create("string:///io/minikv/engine/" + path), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Loads the whole engine and its tests anew, from a directory where it has them. */
  private static final class ChildFirst extends URLClassLoader {

    ChildFirst(Path directory) {
      super(urls(directory), Mutant.class.getClassLoader());
    }

    private static URL[] urls(Path first) {
      List<URL> urls = new ArrayList<>();
      try {
        urls.add(first.toUri().toURL());
        for (Class<?> each : List.of(SegmentedStore.class, Mutant.class)) {
          urls.add(each.getProtectionDomain().getCodeSource().getLocation());
        }
        return urls.toArray(URL[]::new);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : findClass(name);
      }
    }
  }
}
