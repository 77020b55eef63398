package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Sends short responses and ends their requests. A response that comes before the body of its
 * request was read ends the connection too, after a while in which the client can read it ({@link
 * LingeringClose}).
 */
final class Replies {

  static final String JSON_TYPE = "application/json";

  private static final String PROBLEM_TYPE = "application/problem+json";
  private static final int MAX_INSTANCE_LENGTH = 1_024;

  private final Json json;
  private final Duration stalledTransfer;

  /** A problem as it is written. The first field is what clients of the predecessors read. */
  private record ProblemView(
      String error, String type, String title, int status, String detail, String instance) {}

  Replies(Json json, Duration stalledTransfer) {
    this.json = json;
    this.stalledTransfer = stalledTransfer;
  }

  void json(HttpServerExchange exchange, int status, Object view) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, JSON_TYPE);
    send(exchange, status, ByteBuffer.wrap(json.write(view)));
  }

  /** Sends a problem in place of all that was prepared. */
  void problem(HttpServerExchange exchange, Problem problem) {
    HeaderMap headers = exchange.getResponseHeaders();
    RequestContext context = RequestContext.of(exchange);
    headers.clear();
    headers.put(RequestIds.HEADER, context.id());
    headers.put(Headers.CONTENT_TYPE, PROBLEM_TYPE);
    problem.headers().forEach((name, value) -> headers.put(HttpString.tryFromString(name), value));
    ProblemView view =
        new ProblemView(
            problem.error(),
            problem.type(),
            problem.title(),
            problem.status(),
            problem.detail(),
            instance(context));
    send(exchange, problem.status(), ByteBuffer.wrap(json.write(view)));
  }

  /** Sends a body that is in memory. */
  void send(HttpServerExchange exchange, int status, ByteBuffer body) {
    exchange.setStatusCode(status);
    exchange.setResponseContentLength(body.remaining());
    ShortReply.send(exchange, body, stalledTransfer);
  }

  /** Sends a status without a body. */
  void empty(HttpServerExchange exchange, int status) {
    exchange.setStatusCode(status);
    exchange.endExchange();
  }

  /** The path of the request, unless it is very long. */
  private static String instance(RequestContext context) {
    String path = context.target().path();
    return path.length() <= MAX_INSTANCE_LENGTH ? path : "urn:minikv:request:" + context.id();
  }
}
