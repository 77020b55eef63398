package io.minikv.adapter.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;

/**
 * Where every request comes in: it gets its name, is admitted or refused, goes to its route, and is
 * counted and logged when it is over.
 */
final class Entrance implements HttpHandler {

  private final RequestGate gate;
  private final Router router;
  private final ErrorBoundary boundary;
  private final RequestIds ids = new RequestIds();
  private final AccessLog accessLog = new AccessLog();

  Entrance(RequestGate gate, Router router, ErrorBoundary boundary) {
    this.gate = gate;
    this.router = router;
    this.boundary = boundary;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    RequestContext context = RequestContext.begin(exchange, ids);
    Route route = router.route(context.target().path());
    if (exchange.isHttp10()) {
      exchange.addResponseCommitListener(Entrance::tellThatConnectionStays);
    }
    exchange.addExchangeCompleteListener((ended, next) -> {
      long nanos = System.nanoTime() - context.beganNanos();
      route.metrics().record(ended.getRequestMethod(), ended.getStatusCode(), nanos);
      accessLog.record(ended, context);
      next.proceed();
    });
    boundary.run(exchange, () -> admit(exchange, route));
  }

  /** A client of HTTP/1.0 takes the connection for closed unless it is told. */
  private static void tellThatConnectionStays(HttpServerExchange exchange) {
    if (exchange.isPersistent()) {
      exchange.getResponseHeaders().put(Headers.CONNECTION, "keep-alive");
    }
  }

  private void admit(HttpServerExchange exchange, Route route) throws Exception {
    Framing.check(exchange);
    HttpHandler handler = route.handler(exchange.getRequestMethod());
    if (!route.alwaysOpen()) {
      gate.enter();
      exchange.addExchangeCompleteListener((_, next) -> {
        gate.leave();
        next.proceed();
      });
    } else if (gate.isClosed()) {
      exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
    }
    handler.handleRequest(exchange);
  }
}
