package io.minikv.adapter.http;

import io.undertow.server.HttpHandler;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.Map;

/**
 * Which route a path has. Paths are compared as they came: nothing is resolved and nobody is
 * redirected.
 */
final class Router {

  private final Route blob;
  private final Map<String, Route> byPath;

  Router(
      BlobReading reading,
      BlobWriting writing,
      BlobListing listing,
      HealthEndpoints health,
      MetricsEndpoint metrics,
      AdminEndpoints admin) {
    this.blob =
        new Route(
            Map.of(
                Methods.GET, reading::get,
                Methods.HEAD, reading::head,
                Methods.PUT, writing::put,
                Methods.POST, writing::post,
                Methods.DELETE, writing::delete),
            false);
    this.byPath =
        Map.of(
            "/", new Route(reads(health::health), true),
            "/health", new Route(reads(health::health), true),
            "/health/live", new Route(reads(health::live), true),
            "/health/ready", new Route(reads(health::ready), true),
            "/metrics", new Route(reads(metrics::metrics), true),
            "/blobs", new Route(reads(listing::list), false),
            "/admin/stats", new Route(reads(admin::stats), false),
            "/admin/compact", new Route(Map.of(Methods.POST, admin::compact), false));
  }

  private static Map<HttpString, HttpHandler> reads(HttpHandler handler) {
    return Map.of(Methods.GET, handler, Methods.HEAD, handler);
  }

  /** The route of a path, or a problem when there is none. */
  Route route(String path) {
    if (BlobPath.matches(path)) {
      return blob;
    }
    Route route = byPath.get(path);
    if (route == null) {
      throw new ProblemException(
          Problem.of(
              404,
              "no-such-resource",
              "No such resource",
              "There is nothing at this path. Blobs are at /blobs/KEY."));
    }
    return route;
  }
}
