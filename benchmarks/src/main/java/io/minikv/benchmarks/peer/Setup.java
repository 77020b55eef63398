package io.minikv.benchmarks.peer;

import java.nio.file.Path;

/**
 * How a store is opened.
 *
 * @param directory where its files are; it exists
 * @param entries how many entries it will hold at the most, for stores that want to know
 * @param keyBytes the length of all keys
 * @param valueBytes the length of all values
 * @param durable whether a put returns after its force, so that it survives a power cut; otherwise
 *     it survives the end of the process at the most
 * @param rehearsal whether it is the small store of a warm-up, which should have as many files as a
 *     large one
 */
public record Setup(
    Path directory,
    long entries,
    int keyBytes,
    int valueBytes,
    boolean durable,
    boolean rehearsal) {}
