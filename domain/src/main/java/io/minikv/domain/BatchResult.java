package io.minikv.domain;

import java.util.List;
import java.util.Optional;

/**
 * What a batch did.
 *
 * @param version the one version of all that was written; nothing when the batch only deleted
 *     absent keys
 * @param previous for each mutation, in the order of the batch, the version that was under its key
 *     before; nothing where the key was absent
 */
public record BatchResult(Optional<Version> version, List<Optional<Version>> previous) {

  /** Keeps a copy of the list. */
  public BatchResult {
    previous = List.copyOf(previous);
  }
}
