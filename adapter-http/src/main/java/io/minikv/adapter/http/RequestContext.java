package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;

/**
 * What belongs to one request from its beginning to its line in the access log.
 *
 * @param id its name, in the response and in the logs
 * @param target what it is for
 * @param beganNanos when, by {@link System#nanoTime()}
 */
record RequestContext(String id, RequestTarget target, long beganNanos) {

  private static final AttachmentKey<RequestContext> KEY =
      AttachmentKey.create(RequestContext.class);

  static RequestContext begin(HttpServerExchange exchange, RequestIds ids) {
    String id = ids.of(exchange.getRequestHeaders());
    RequestContext context = new RequestContext(id, RequestTarget.of(exchange), System.nanoTime());
    exchange.putAttachment(KEY, context);
    exchange.getResponseHeaders().put(RequestIds.HEADER, id);
    return context;
  }

  static RequestContext of(HttpServerExchange exchange) {
    return exchange.getAttachment(KEY);
  }
}
