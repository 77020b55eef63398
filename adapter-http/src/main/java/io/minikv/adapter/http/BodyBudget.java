package io.minikv.adapter.http;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the bodies in flight may take together. For any number of threads. */
final class BodyBudget {

  private final long limitBytes;
  private final AtomicLong takenBytes = new AtomicLong();

  BodyBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** More than this no body can take. */
  long limitBytes() {
    return limitBytes;
  }

  /** Takes a share, to be given back by {@link #release}, or ends the request with a problem. */
  void reserve(long bytes) {
    if (takenBytes.addAndGet(bytes) > limitBytes) {
      release(bytes);
      throw new ProblemException(
          Problem.of(
                  503,
                  "overloaded",
                  "Overloaded",
                  "The bodies in flight take more than "
                      + limitBytes
                      + " bytes. Try again in a moment.")
              .retryAfter(1));
    }
  }

  void release(long bytes) {
    takenBytes.addAndGet(-bytes);
  }

  long takenBytes() {
    return takenBytes.get();
  }
}
