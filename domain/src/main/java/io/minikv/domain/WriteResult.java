package io.minikv.domain;

import java.util.Optional;

/**
 * What a write of one key did.
 *
 * @param version the version of the write; nothing when a delete found nothing to delete, and so
 *     wrote nothing
 * @param previous the version that was under the key before; nothing when the key was absent
 */
public record WriteResult(Optional<Version> version, Optional<Version> previous) {

  /** Whether the key was absent before and is present now. */
  public boolean created() {
    return version.isPresent() && previous.isEmpty();
  }
}
