package io.minikv.architecture;

import java.util.Set;

/**
 * A module of the build.
 *
 * @param name its folder
 * @param packageName the package that all its code lives under
 * @param frontDoor the packages that other modules may use; the rest is internal
 * @param uses the names of the modules that it may depend on
 * @param libraries the packages of others that it may depend on, besides {@code java} and the
 *     nullness annotations
 */
record Module(
    String name,
    String packageName,
    Set<String> frontDoor,
    Set<String> uses,
    Set<String> libraries) {

  /** The packages of its code, as ArchUnit writes them. */
  String packages() {
    return packageName + "..";
  }

  boolean contains(String otherPackage) {
    return otherPackage.equals(packageName) || otherPackage.startsWith(packageName + ".");
  }

  boolean isInternal(String otherPackage) {
    return contains(otherPackage) && !frontDoor.contains(otherPackage);
  }
}
