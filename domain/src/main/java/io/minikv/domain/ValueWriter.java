package io.minikv.domain;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * A put whose value comes in pieces. For one thread at a time. What was written is neither visible
 * nor kept until {@link #commit} returned.
 */
public interface ValueWriter extends AutoCloseable {

  /**
   * Appends all remaining bytes of {@code source}. May wait for the disk.
   *
   * @throws LimitExceededException when the value becomes longer than the store accepts; it can
   *     only be closed then
   * @throws NotWritableException when the disk is full or failed; it can only be closed then
   * @throws StoreClosedException when the store or this writer was closed
   */
  void write(ByteBuffer source);

  /** How many bytes were appended. */
  long length();

  /**
   * Makes the put happen, as {@link KeyValueStore#write(Mutation, Durability)}. Whatever the
   * outcome, the writer can only be closed afterwards.
   */
  WriteResult commit(Durability durability);

  /**
   * As {@link #commit}, without waiting, as {@link KeyValueStore#writeAsync(Mutation, Durability)}.
   */
  CompletionStage<WriteResult> commitAsync(Durability durability);

  /** Throws away what was not committed. Closing again does nothing. */
  @Override
  void close();
}
