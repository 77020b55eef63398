package io.minikv.architecture;

import static java.util.stream.Collectors.toCollection;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The public types of a module, as they are and as they were agreed on. */
record PublicTypes(SortedSet<String> actual, SortedSet<String> approved, String list) {

  private static final String FOLDER = "approved-public-types/";

  /** Those of a module among {@code classes}, and those of its list. */
  static PublicTypes of(Module module, JavaClasses classes) {
    String list = FOLDER + module.name() + ".txt";
    return new PublicTypes(actual(module, classes), approved(list), list);
  }

  /** What to do about the difference; nothing when there is none. */
  Optional<String> complaint() {
    if (actual.equals(approved)) {
      return Optional.empty();
    }
    return Optional.of(
        """
        The public types are not those that were agreed on.
          public, but not in the list: %s
          in the list, but not public: %s
        Make the type package-private, or, when others are meant to use it, change the list by hand:
        architecture-tests/src/test/resources/%s\
        """
            .formatted(difference(actual, approved), difference(approved, actual), list));
  }

  private static SortedSet<String> difference(SortedSet<String> all, SortedSet<String> without) {
    SortedSet<String> rest = new TreeSet<>(all);
    rest.removeAll(without);
    return rest;
  }

  private static SortedSet<String> actual(Module module, JavaClasses classes) {
    return classes.stream()
        .filter(type -> module.frontDoor().contains(type.getPackageName()))
        .filter(PublicTypes::isPublic)
        .filter(type -> !type.isAnnotatedWith("dagger.internal.DaggerGenerated"))
        .map(type -> type.getName().replace('$', '.'))
        .collect(toCollection(TreeSet::new));
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(PublicTypes::isPublic).orElse(true);
  }

  private static SortedSet<String> approved(String list) {
    try (InputStream in = PublicTypes.class.getClassLoader().getResourceAsStream(list)) {
      if (in == null) {
        throw new IllegalStateException("There is no list " + list + ".");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .collect(toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
