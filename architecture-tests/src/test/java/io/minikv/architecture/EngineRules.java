package io.minikv.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The rules about the inside of the storage engine. */
record EngineRules(String root) {

  /**
   * A package of the engine.
   *
   * @param name below the engine's own package; empty for the front door
   * @param uses the packages of the engine that it may call, which all lie below it
   */
  record EnginePackage(String name, Set<String> uses) {}

  /** The packages of the engine, from the top to the bottom. */
  static final List<EnginePackage> LAYERS =
      List.of(
          new EnginePackage(
              "",
              Set.of(
                  "recovery",
                  "snapshot",
                  "tools",
                  "checkpoint",
                  "compaction",
                  "read",
                  "commit",
                  "index",
                  "keyfile",
                  "values",
                  "segment",
                  "compression",
                  "filter",
                  "format",
                  "io",
                  "threads")),
          new EnginePackage(
              "recovery",
              Set.of(
                  "snapshot", "commit", "index", "keyfile", "values", "segment", "format", "io")),
          new EnginePackage(
              "tools",
              Set.of("snapshot", "checkpoint", "keyfile", "values", "segment", "format", "io")),
          new EnginePackage(
              "snapshot", Set.of("commit", "index", "segment", "format", "io", "threads")),
          new EnginePackage(
              "read",
              Set.of(
                  "commit",
                  "index",
                  "keyfile",
                  "values",
                  "segment",
                  "compression",
                  "format",
                  "io")),
          new EnginePackage(
              "compaction",
              Set.of("commit", "index", "keyfile", "values", "segment", "format", "io", "threads")),
          new EnginePackage("checkpoint", Set.of("commit", "values", "segment", "format", "io")),
          new EnginePackage(
              "commit",
              Set.of(
                  "index",
                  "keyfile",
                  "values",
                  "segment",
                  "compression",
                  "format",
                  "io",
                  "threads")),
          new EnginePackage(
              "index", Set.of("keyfile", "values", "segment", "filter", "format", "io")),
          new EnginePackage("keyfile", Set.of("segment", "filter", "format", "io", "threads")),
          new EnginePackage("values", Set.of("segment", "format", "io")),
          new EnginePackage("segment", Set.of("format", "io", "threads")),
          new EnginePackage("compression", Set.of("format")),
          new EnginePackage("filter", Set.of()),
          new EnginePackage("format", Set.of()),
          new EnginePackage("io", Set.of()),
          new EnginePackage("threads", Set.of()));

  /** The ways to a file that only the disk port may take. */
  private static final Set<String> FILE_CLASSES =
      Set.of(
          "java.io.File",
          "java.io.FileDescriptor",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "java.nio.MappedByteBuffer",
          "java.nio.file.FileStore",
          "java.nio.file.FileSystem",
          "java.nio.file.FileSystems",
          "java.nio.file.Files",
          "java.lang.foreign.Arena",
          "java.lang.foreign.MemorySegment");

  /** Calls go downwards. */
  ArchRule callsOnlyDownwards(EnginePackage caller) {
    return classes()
        .that()
        .resideInAPackage(engine(caller.name()))
        .should()
        .onlyDependOnClassesThat(
            describe(
                "lie in no package of the engine but " + caller.uses(),
                type -> isAllowed(type, caller)))
        .as("the engine's package '%s' calls only %s".formatted(caller.name(), caller.uses()));
  }

  /** No two packages need each other. */
  ArchRule hasNoCycles() {
    return slices().matching(engine() + ".(*)..").should().beFreeOfCycles();
  }

  /** There is no package that the layers do not speak of. */
  ArchRule everyPackageIsInALayer() {
    String[] packages = LAYERS.stream().map(layer -> engine(layer.name())).toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(engine() + "..")
        .should()
        .resideInAnyPackage(packages)
        .as("every class of the engine lies in one of its layers");
  }

  /**
   * The disk is reached through the disk port alone, so that tests can put another disk under it.
   */
  ArchRule onlyTheDiskPortTouchesFiles() {
    return noClasses()
        .that(resideInAPackage(engine() + "..").and(not(resideInAPackage(engine("io")))))
        .should()
        .dependOnClassesThat(describe("give access to files", EngineRules::givesAccessToFiles))
        .as("in the engine only its io package touches files and mappings");
  }

  /** The full name of a package of the engine. */
  String engine(String... below) {
    return Stream.concat(Stream.of(root, "engine"), Arrays.stream(below))
        .filter(name -> !name.isEmpty())
        .reduce((left, right) -> left + "." + right)
        .orElseThrow();
  }

  private boolean isAllowed(JavaClass type, EnginePackage caller) {
    String name = type.getBaseComponentType().getPackageName();
    boolean inEngine = name.equals(engine()) || name.startsWith(engine() + ".");
    return !inEngine
        || name.equals(engine(caller.name()))
        || caller.uses().stream().anyMatch(used -> name.equals(engine(used)));
  }

  private static boolean givesAccessToFiles(JavaClass type) {
    String name = type.getBaseComponentType().getName();
    return FILE_CLASSES.contains(name)
        || (name.startsWith("java.nio.channels.") && name.contains("File"));
  }
}
