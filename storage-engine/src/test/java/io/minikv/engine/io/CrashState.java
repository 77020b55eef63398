package io.minikv.engine.io;

/**
 * One disk that a power cut may leave.
 *
 * @param data what became of bytes and sizes that were not durable
 * @param names what became of names that were not durable
 * @param image what the machine finds when it starts again
 */
public record CrashState(DataLoss data, NameLoss names, DiskImage image) {

  /** In short, to count states by. */
  public String kind() {
    return data + "/" + names;
  }
}
