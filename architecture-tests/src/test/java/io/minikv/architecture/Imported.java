package io.minikv.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** Compiled classes to hold against the rules. */
final class Imported {

  /** The package that all of the program lives under. */
  static final String ROOT = "io.minikv";

  /** The program itself, without tests. */
  static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/io/minikv/architecture/"))
          .importPackages(ROOT);

  private Imported() {}

  /** The package that a fixture's modules live under. */
  static String fixtureRoot(String name) {
    return ROOT + ".architecture.fixture." + name;
  }

  /** A fixture, by the last part of its package. */
  static JavaClasses fixture(String name) {
    return new ClassFileImporter().importPackages(fixtureRoot(name));
  }

  /** A class by its simple name. */
  static DescribedPredicate<JavaClass> named(String simpleName) {
    return DescribedPredicate.describe(
        "named " + simpleName, type -> type.getSimpleName().equals(simpleName));
  }
}
