package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.time.Duration;

/**
 * Receives request bodies into memory, without a thread that waits for them. What is too long is
 * refused before it is read when its length is known, and at the limit when it is not.
 */
final class BodyReceiver {

  private final long maxBytes;
  private final BodyBudget budget;
  private final Duration stalledTransfer;
  private final ErrorBoundary boundary;

  BodyReceiver(long maxBytes, BodyBudget budget, Duration stalledTransfer, ErrorBoundary boundary) {
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.stalledTransfer = stalledTransfer;
    this.boundary = boundary;
  }

  /** Is given the whole body, which is its own from then on. */
  @FunctionalInterface
  interface Continuation {
    void received(byte[] body) throws Exception;
  }

  /**
   * Begins to receive the body of a request; to be called last in its handler. The continuation is
   * called on the I/O thread. The memory counts against the budget until the request is over.
   */
  void receive(HttpServerExchange exchange, Continuation continuation) {
    long declared = exchange.getRequestContentLength();
    if (declared > maxBytes) {
      throw new ProblemException(StoreProblems.tooLarge(maxBytes));
    }
    BodyReception reception =
        new BodyReception(exchange, maxBytes, budget, stalledTransfer, boundary, continuation);
    exchange.addExchangeCompleteListener((_, next) -> {
      reception.release();
      next.proceed();
    });
    exchange.dispatch(SameThreadExecutor.INSTANCE, reception::begin);
  }
}
