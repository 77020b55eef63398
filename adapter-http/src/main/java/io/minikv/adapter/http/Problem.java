package io.minikv.adapter.http;

import java.util.HashMap;
import java.util.Map;

/**
 * What went wrong, as clients see it (RFC 9457).
 *
 * @param status the status of the response
 * @param name the last part of the problem's {@code type}: stable, for programs
 * @param title a short text of this type of problem, always the same
 * @param detail what was wrong this time and what to do
 * @param error the text that clients of the predecessors read
 * @param headers further headers of the response
 */
record Problem(
    int status,
    String name,
    String title,
    String detail,
    String error,
    Map<String, String> headers) {

  private static final String TYPE_PREFIX = "urn:minikv:problem:";

  Problem {
    headers = Map.copyOf(headers);
  }

  static Problem of(int status, String name, String title, String detail) {
    return new Problem(status, name, title, detail, detail, Map.of());
  }

  Problem with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Problem(status, name, title, detail, error, more);
  }

  /** The same, telling the client to come back after so many seconds. */
  Problem retryAfter(int seconds) {
    return with("Retry-After", Integer.toString(seconds));
  }

  String type() {
    return TYPE_PREFIX + name;
  }
}
