package io.minikv.adapter.cli;

import java.util.concurrent.CompletableFuture;

/**
 * The wish to stop what is under way: made by any thread, once, and looked at now and then by the
 * one that works.
 */
final class Cancellation {

  private final CompletableFuture<Void> wish = new CompletableFuture<>();

  void cancel() {
    wish.complete(null);
  }

  boolean isCancelled() {
    return wish.isDone();
  }

  /** Ends the work when it is no longer wanted. */
  void check() {
    if (isCancelled()) {
      throw new CancelledException();
    }
  }

  /** Completes when the wish is made. */
  CompletableFuture<Void> asFuture() {
    return wish.copy();
  }
}
