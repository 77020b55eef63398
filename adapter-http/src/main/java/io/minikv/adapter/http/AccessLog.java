package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each request, when it is over: address, request line, status, bytes of the body,
 * milliseconds, request id. The logger {@value #LOGGER} at level info switches it.
 */
final class AccessLog {

  static final String LOGGER = "io.minikv.adapter.http.access";

  private static final int MAX_TARGET_LENGTH = 512;

  private final Logger logger = LoggerFactory.getLogger(LOGGER);

  void record(HttpServerExchange exchange, RequestContext context) {
    if (logger.isInfoEnabled()) {
      logger.info(
          "{} \"{} {} {}\" {} {} {}ms {}",
          exchange.getSourceAddress().getAddress().getHostAddress(),
          exchange.getRequestMethod(),
          printable(context.target()),
          exchange.getProtocol(),
          exchange.getStatusCode(),
          exchange.getResponseBytesSent(),
          millisSince(context.beganNanos()),
          context.id());
    }
  }

  /** With two decimals. */
  private static double millisSince(long beganNanos) {
    return Math.round((System.nanoTime() - beganNanos) / 10_000.0) / 100.0;
  }

  /** The target in one line of bounded length, whatever the client sent. */
  private static String printable(RequestTarget target) {
    String text = target.query().isEmpty() ? target.path() : target.path() + "?" + target.query();
    String cut =
        text.length() > MAX_TARGET_LENGTH ? text.substring(0, MAX_TARGET_LENGTH) + "..." : text;
    StringBuilder line = new StringBuilder(cut.length());
    cut.chars().forEach(c -> line.append(c > 0x20 && c < 0x7F && c != '"' ? (char) c : '?'));
    return line.toString();
  }
}
