package io.minikv.engine.keyfile;

import io.minikv.domain.Key;
import java.io.IOException;

/** Entries in order: by key, then the highest sequence number first. Thread-safe. */
public interface KeyRun {

  /** How many entries there are. */
  long entries();

  /** The smallest key; there must be an entry. */
  Key first();

  /** The greatest key; there must be an entry. */
  Key last();

  /** A cursor without a position. */
  KeyCursor cursor() throws IOException;
}
