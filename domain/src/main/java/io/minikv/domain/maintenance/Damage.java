package io.minikv.domain.maintenance;

import io.minikv.domain.Key;
import java.util.Optional;

/**
 * A place where what is stored is not what was written.
 *
 * @param file the name of the file
 * @param offset where in the file it begins, in bytes
 * @param length how many bytes are affected, as far as can be told
 * @param key whose entry is affected; nothing when that cannot be told
 * @param description what is wrong, in a sentence
 */
public record Damage(
    String file, long offset, long length, Optional<Key> key, String description) {}
