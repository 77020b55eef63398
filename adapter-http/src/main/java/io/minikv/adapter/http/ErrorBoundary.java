package io.minikv.adapter.http;

import io.minikv.domain.StoreException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/** Turns whatever goes wrong with a request into a problem, on whatever thread it goes wrong. */
final class ErrorBoundary {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorBoundary.class);

  private final Replies replies;

  ErrorBoundary(Replies replies) {
    this.replies = replies;
  }

  /** A handler that does the same and answers with a problem when that fails. */
  HttpHandler around(HttpHandler handler) {
    return exchange -> run(exchange, () -> handler.handleRequest(exchange));
  }

  /** A step of a request outside of the call of a handler. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  /** Runs a step, and ends its request with a problem when it fails. */
  void run(HttpServerExchange exchange, Step step) {
    try {
      step.run();
    } catch (Exception | StackOverflowError | LinkageError | OutOfMemoryError failure) {
      fail(exchange, failure);
    }
  }

  /**
   * Ends a request with a problem; when its response has begun, by cutting the connection, so that
   * nobody takes it for whole.
   */
  void fail(HttpServerExchange exchange, Throwable failure) {
    if (exchange.isResponseStarted()) {
      LOG.debug(
          "The request {} failed after its response had begun.",
          RequestContext.of(exchange).id(),
          failure);
      IoUtils.safeClose(exchange.getConnection());
      exchange.endExchange();
    } else {
      replies.problem(exchange, problemOf(exchange, failure));
    }
  }

  private static Problem problemOf(HttpServerExchange exchange, Throwable failure) {
    return switch (failure) {
      case ProblemException known -> known.problem();
      case StoreException known -> StoreProblems.of(known);
      case IOException _ ->
          Problem.of(
              400,
              "bad-request",
              "Bad request",
              "The body of the request is malformed or ended too early.");
      default -> {
        String id = RequestContext.of(exchange).id();
        LOG.error("The request {} failed unexpectedly.", id, failure);
        yield Problem.of(
            500,
            "internal-error",
            "Internal error",
            "Something unexpected went wrong. The log has it under the request " + id + ".");
      }
    };
  }
}
