package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests whose end two readers could see in different places (RFC 9112, 6.3), because a
 * proxy before the server may be the other one, and expectations that the server does not know.
 */
final class Framing {

  private Framing() {}

  /** Ends a request with a problem, and its connection too, when it is not to be trusted. */
  static void check(HttpServerExchange exchange) {
    checkVersion(exchange);
    HeaderMap headers = exchange.getRequestHeaders();
    HeaderValues length = headers.get(Headers.CONTENT_LENGTH);
    HeaderValues encoding = headers.get(Headers.TRANSFER_ENCODING);
    if (encoding != null && length != null) {
      throw refuse(exchange, "A request has either Content-Length or Transfer-Encoding, not both.");
    }
    if (length != null && (length.size() > 1 || !isLength(length.getFirst()))) {
      throw refuse(exchange, "Content-Length is one whole number.");
    }
    if (encoding != null
        && (encoding.size() > 1 || !encoding.getFirst().strip().equalsIgnoreCase("chunked"))) {
      throw refuse(exchange, "The only Transfer-Encoding is chunked.");
    }
    if (encoding != null && !exchange.isHttp11()) {
      throw refuse(exchange, "Transfer-Encoding needs HTTP/1.1.");
    }
    if (exchange.isHttp11() && headers.count(Headers.HOST) != 1) {
      throw refuse(exchange, "A request has exactly one Host header.");
    }
    checkExpectation(headers);
    if (exchange.getRequestMethod().equals(Methods.GET) && (encoding != null || hasBytes(length))) {
      // Undertow takes the body of a GET for the next request: there must be none.
      exchange.setPersistent(false);
    }
  }

  private static void checkVersion(HttpServerExchange exchange) {
    if (!exchange.isHttp11() && !exchange.isHttp10()) {
      exchange.setPersistent(false);
      throw new ProblemException(
          Problem.of(
              505,
              "http-version",
              "HTTP version not supported",
              "This server speaks HTTP/1.1 and HTTP/1.0."));
    }
  }

  private static void checkExpectation(HeaderMap headers) {
    HeaderValues expectations = headers.get(Headers.EXPECT);
    if (expectations != null && !expectations.stream().allMatch("100-continue"::equalsIgnoreCase)) {
      throw new ProblemException(
          Problem.of(
              StatusCodes.EXPECTATION_FAILED,
              "expectation-failed",
              "Expectation failed",
              "The only expectation known here is 100-continue."));
    }
  }

  private static boolean isLength(String text) {
    return !text.isEmpty()
        && text.length() <= 18
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean hasBytes(@Nullable HeaderValues length) {
    return length != null && !length.getFirst().equals("0");
  }

  private static ProblemException refuse(HttpServerExchange exchange, String detail) {
    exchange.setPersistent(false);
    return ProblemException.badRequest(detail);
  }
}
