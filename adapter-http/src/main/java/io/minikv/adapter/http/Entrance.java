package io.minikv.adapter.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;

/**
 * Where every request comes in: it gets its name, is admitted or refused, and goes to its route.
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
    exchange.addExchangeCompleteListener((ended, next) -> {
      accessLog.record(ended, context);
      next.proceed();
    });
    boundary.run(exchange, () -> admit(exchange, context));
  }

  private void admit(HttpServerExchange exchange, RequestContext context) throws Exception {
    Framing.check(exchange);
    Route route = router.route(context.target().path());
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
