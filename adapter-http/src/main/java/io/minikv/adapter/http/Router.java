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

  private final ServerMetrics metrics;
  private final Route blob;
  private final Route job;
  private final Route nowhere;
  private final Map<String, Route> byPath;

  Router(
      BlobReading reading,
      BlobWriting writing,
      BlobListing listing,
      HealthEndpoints health,
      MetricsEndpoint metricsEndpoint,
      AdminEndpoints admin,
      ServerMetrics metrics) {
    this.metrics = metrics;
    this.blob =
        new Route(
            Map.of(
                Methods.GET, reading::get,
                Methods.HEAD, reading::head,
                Methods.PUT, writing::put,
                Methods.POST, writing::post,
                Methods.DELETE, writing::delete),
            false,
            metrics.ofRoute("/blobs/{key}"));
    this.nowhere = new Route(Map.of(), true, metrics.ofRoute(RouteMetrics.OTHER));
    this.byPath =
        Map.ofEntries(
            alwaysOpen("/", reads(health::health)),
            alwaysOpen("/health", reads(health::health)),
            alwaysOpen("/health/live", reads(health::live)),
            alwaysOpen("/health/ready", reads(health::ready)),
            alwaysOpen("/metrics", reads(metricsEndpoint::metrics)),
            limited("/blobs", reads(listing::list)),
            limited("/admin/stats", reads(admin::stats)),
            limited("/admin/compact", Map.of(Methods.POST, admin::compact)),
            limited("/admin/snapshot", Map.of(Methods.POST, admin::snapshot)),
            limited("/admin/verify", Map.of(Methods.POST, admin::verify)),
            limited("/admin/backup", Map.of(Methods.POST, admin::backup)),
            limited("/admin/jobs", reads(admin::listJobs)));
    this.job = new Route(reads(admin::job), false, metrics.ofRoute("/admin/jobs/{id}"));
  }

  private Map.Entry<String, Route> alwaysOpen(String path, Map<HttpString, HttpHandler> handlers) {
    return Map.entry(path, new Route(handlers, true, metrics.ofRoute(path)));
  }

  private Map.Entry<String, Route> limited(String path, Map<HttpString, HttpHandler> handlers) {
    return Map.entry(path, new Route(handlers, false, metrics.ofRoute(path)));
  }

  private static Map<HttpString, HttpHandler> reads(HttpHandler handler) {
    return Map.of(Methods.GET, handler, Methods.HEAD, handler);
  }

  /** The route of a path; one without methods when there is nothing. */
  Route route(String path) {
    if (BlobPath.matches(path)) {
      return blob;
    }
    boolean isJob =
        path.startsWith(AdminEndpoints.JOB_PREFIX)
            && path.length() > AdminEndpoints.JOB_PREFIX.length();
    return isJob ? job : byPath.getOrDefault(path, nowhere);
  }
}
