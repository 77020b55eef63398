package io.minikv.adapter.http;

import io.undertow.server.HttpHandler;
import io.undertow.util.HttpString;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A resource and what can be done with it.
 *
 * @param handlers one for each method that it has; without any, there is no such resource
 * @param alwaysOpen whether it answers however busy the server is, and while it drains
 * @param metrics of its requests
 */
record Route(Map<HttpString, HttpHandler> handlers, boolean alwaysOpen, RouteMetrics metrics) {

  Route {
    handlers = Map.copyOf(handlers);
  }

  /** The handler of a method, or a problem that names the methods that there are. */
  HttpHandler handler(HttpString method) {
    HttpHandler handler = handlers.get(method);
    if (handler == null) {
      throw new ProblemException(handlers.isEmpty() ? noSuchResource() : methodNotAllowed());
    }
    return handler;
  }

  private static Problem noSuchResource() {
    return Problem.of(
        404,
        "no-such-resource",
        "No such resource",
        "There is nothing at this path. Blobs are at /blobs/KEY.");
  }

  private Problem methodNotAllowed() {
    return Problem.of(
            405, "method-not-allowed", "Method not allowed", "This resource takes " + allow() + ".")
        .with("Allow", allow());
  }

  private String allow() {
    return handlers.keySet().stream()
        .sorted(Comparator.comparing(HttpString::toString))
        .map(HttpString::toString)
        .collect(Collectors.joining(", "));
  }
}
