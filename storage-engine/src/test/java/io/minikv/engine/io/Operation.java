package io.minikv.engine.io;

/**
 * One call of a simulated disk.
 *
 * @param number 1 for the first call of this disk, one more for each
 * @param file the name of the file; empty where the directory is meant
 * @param position where in the file, 0 where that means nothing
 * @param length how many bytes, 0 where that means nothing
 */
public record Operation(long number, OperationType type, String file, long position, long length) {

  @Override
  public String toString() {
    return "#" + number + " " + type + " " + file + " [" + position + ", +" + length + "]";
  }
}
