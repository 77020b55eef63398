package io.minikv.engine.io;

/** What may be the name of a file of a {@link Disk}: one plain component of a path. */
final class PlainName {

  private PlainName() {}

  /**
   * Returns the name when it is a plain one.
   *
   * @throws IllegalArgumentException when it would lead out of the directory, or is none
   */
  static String require(String name) {
    boolean plain =
        !name.isEmpty()
            && !name.equals(".")
            && !name.equals("..")
            && name.indexOf('/') < 0
            && name.indexOf('\\') < 0
            && name.indexOf('\0') < 0;
    if (!plain) {
      throw new IllegalArgumentException("not a plain file name: '" + name + "'");
    }
    return name;
  }
}
