package io.minikv.adapter.http;

import io.minikv.domain.ValueWriter;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Receives request bodies, short ones into memory and long ones into the store, without a thread
 * that waits for them. What is too long is refused before it is read when its length is known, and
 * at the limit when it is not.
 */
final class BodyReceiver {

  /** A longer body is not collected in memory where the store takes it in pieces. */
  private static final long MOST_COLLECTED_BYTES = 1 << 20;

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
    long most = Math.min(maxBytes, budget.limitBytes());
    refuseLongerThan(most, exchange);
    BodyReception reception =
        new BodyReception(exchange, most, budget, stalledTransfer, boundary, continuation);
    exchange.addExchangeCompleteListener((_, next) -> {
      reception.release();
      next.proceed();
    });
    exchange.dispatch(SameThreadExecutor.INSTANCE, reception::begin);
  }

  /** Is given a writer that has got the whole body. */
  @FunctionalInterface
  interface Commit {
    void commit(ValueWriter writer) throws Exception;
  }

  /** Whether a body is, or may become, too long to be collected. */
  static boolean isLong(HttpServerExchange exchange) {
    long declared = exchange.getRequestContentLength();
    return declared > MOST_COLLECTED_BYTES || (declared < 0 && !exchange.isRequestComplete());
  }

  /**
   * Begins to receive the body of a request into a writer; to be called last in its handler. Writer
   * and commit are called on worker threads; the writer is closed when the request is over.
   */
  void stream(HttpServerExchange exchange, Supplier<ValueWriter> opening, Commit commit) {
    refuseLongerThan(maxBytes, exchange);
    StreamedUpload upload =
        new StreamedUpload(exchange, opening, maxBytes, budget, stalledTransfer, boundary, commit);
    exchange.addExchangeCompleteListener((_, next) -> {
      upload.end();
      next.proceed();
    });
    exchange.dispatch(SameThreadExecutor.INSTANCE, upload::begin);
  }

  private static void refuseLongerThan(long most, HttpServerExchange exchange) {
    if (exchange.getRequestContentLength() > most) {
      throw new ProblemException(StoreProblems.tooLarge(most));
    }
  }
}
