package io.minikv.domain;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes of different keys that happen all or not at all, also across a crash, under one version.
 * Immutable.
 *
 * @param mutations at least one, no two of the same key
 */
public record WriteBatch(List<Mutation> mutations) {

  /**
   * Keeps a copy of the list.
   *
   * @throws InvalidRequestException when it is empty or names a key twice
   */
  public WriteBatch {
    mutations = List.copyOf(mutations);
    if (mutations.isEmpty()) {
      throw new InvalidRequestException(
          "The batch is empty. A batch has at least one put or delete.");
    }
    Set<Key> keys = HashSet.newHashSet(mutations.size());
    for (Mutation mutation : mutations) {
      if (!keys.add(mutation.key())) {
        throw new InvalidRequestException(
            "The batch changes the key "
                + mutation.key()
                + " twice. Each key may stand in it once.");
      }
    }
  }

  /** A batch of these mutations, as of the constructor. */
  public static WriteBatch of(Mutation... mutations) {
    return new WriteBatch(List.of(mutations));
  }
}
