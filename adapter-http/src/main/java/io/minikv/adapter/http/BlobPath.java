package io.minikv.adapter.http;

import io.minikv.domain.Key;

/**
 * The path of one blob: {@code /blobs/} and the percent-encoded key, in which a slash is a byte
 * like any other.
 */
final class BlobPath {

  static final String PREFIX = "/blobs/";

  private BlobPath() {}

  /** Whether a path is that of a blob, if perhaps of one with a key that cannot be. */
  static boolean matches(String path) {
    return path.startsWith(PREFIX);
  }

  /** The key that a path names. */
  static Key keyOf(RequestTarget target) {
    byte[] bytes = PercentCoding.decodePath(target.path().substring(PREFIX.length()));
    if (bytes.length == 0) {
      throw ProblemException.badRequest(
          "The key is empty. It follows " + PREFIX + " and has 1 to " + Key.MAX_LENGTH + " bytes.");
    }
    if (bytes.length > Key.MAX_LENGTH) {
      throw new ProblemException(
          Problem.of(
              414,
              "key-too-long",
              "Key too long",
              "The key has "
                  + bytes.length
                  + " bytes; at most "
                  + Key.MAX_LENGTH
                  + " are allowed."));
    }
    return Key.copyOf(bytes);
  }
}
