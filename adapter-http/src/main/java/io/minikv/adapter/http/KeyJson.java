package io.minikv.adapter.http;

import io.minikv.domain.Key;

/**
 * How a key stands in JSON: as a string of its text when its bytes are UTF-8, and otherwise, so
 * that no two keys look alike, as the object <code>{"percent_encoded":"%FFabc"}</code>, whose text
 * can be put into a path as it is.
 */
final class KeyJson {

  /**
   * A key that is no text.
   *
   * @param percentEncoded its bytes
   */
  record Binary(String percentEncoded) {}

  private KeyJson() {}

  /** A string or a {@link Binary}. */
  static Object of(Key key) {
    return key.isUtf8() ? key.utf8() : new Binary(PercentCoding.encode(key.toByteArray()));
  }
}
