package io.minikv.domain;

/**
 * What a store accepts at the most, beyond the limits that {@link Key}, {@link Value} and {@link
 * Attributes} carry themselves. Fixed while the store is open.
 *
 * @param maxValueBytes the greatest length of a value, 0 to {@link Value#MAX_LENGTH}
 * @param maxBatchItems the greatest number of mutations in a batch
 * @param maxBatchBytes the greatest sum of the lengths of all keys and values of a batch, in bytes
 */
public record StoreLimits(long maxValueBytes, int maxBatchItems, long maxBatchBytes) {

  /** 100 MiB a value; 10,000 mutations and 64 MiB a batch. */
  public static final StoreLimits DEFAULT = new StoreLimits(100L << 20, 10_000, 64L << 20);

  /**
   * Checks the ranges.
   *
   * @throws InvalidRequestException when one is out of range
   */
  public StoreLimits {
    if (maxValueBytes < 0 || maxValueBytes > Value.MAX_LENGTH) {
      throw new InvalidRequestException(
          "The greatest length of a value lies between 0 and "
              + Value.MAX_LENGTH
              + " bytes, not at "
              + maxValueBytes
              + ".");
    }
    if (maxBatchItems < 1 || maxBatchBytes < 1) {
      throw new InvalidRequestException("A batch must be allowed at least one item and one byte.");
    }
  }

  /**
   * Checks a mutation against them.
   *
   * @throws LimitExceededException when its value is too long
   */
  public void check(Mutation mutation) {
    if (mutation instanceof Mutation.Put put && put.value().length() > maxValueBytes) {
      throw new LimitExceededException("value length", put.value().length(), maxValueBytes);
    }
  }

  /**
   * Checks a batch against them.
   *
   * @throws LimitExceededException when it has too many items, too many bytes, or a value that is
   *     too long
   */
  public void check(WriteBatch batch) {
    if (batch.mutations().size() > maxBatchItems) {
      throw new LimitExceededException(
          "number of items in the batch", batch.mutations().size(), maxBatchItems);
    }
    long bytes = 0;
    for (Mutation mutation : batch.mutations()) {
      check(mutation);
      bytes += mutation.key().length();
      bytes += mutation instanceof Mutation.Put put ? put.value().length() : 0;
    }
    if (bytes > maxBatchBytes) {
      throw new LimitExceededException("number of bytes in the batch", bytes, maxBatchBytes);
    }
  }
}
