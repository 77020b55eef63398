package io.minikv.domain;

/**
 * An entry as it was at the moment of the read.
 *
 * @param info its key, version and what else is known of it
 * @param value its value
 */
public record Entry(EntryInfo info, Value value) {

  /** Its key. */
  public Key key() {
    return info.key();
  }

  /** The write that it comes from. */
  public Version version() {
    return info.version();
  }

  /** Stored with the value. */
  public Attributes attributes() {
    return info.attributes();
  }
}
