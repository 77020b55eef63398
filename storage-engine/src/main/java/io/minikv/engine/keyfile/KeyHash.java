package io.minikv.engine.keyfile;

/** The keyed hash of keys, the same for a store's whole life. */
@FunctionalInterface
public interface KeyHash {

  /** The hash of the key in {@code length} bytes from {@code from} on. */
  long hash(byte[] bytes, int from, int length);
}
