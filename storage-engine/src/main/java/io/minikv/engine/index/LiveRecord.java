package io.minikv.engine.index;

/**
 * A record that is live, or was, and what the accounts know of it.
 *
 * @param location where it lies
 * @param frameLength how many bytes it takes; 0 when that is not known for damage
 * @param valueLength the length of its value; 0 when that is not known for damage
 */
public record LiveRecord(long location, long frameLength, int valueLength) {}
