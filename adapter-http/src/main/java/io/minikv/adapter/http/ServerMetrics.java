package io.minikv.adapter.http;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/** The metrics of the server itself: its requests and how long it has been running. */
final class ServerMetrics {

  private final Counter requests;
  private final Histogram durations;

  /** Adds the metrics to a registry, which has to be that of one server alone. */
  ServerMetrics(PrometheusRegistry registry, RequestGate gate, Uptime uptime) {
    requests =
        Counter.builder()
            .name("minikv_http_requests_total")
            .help("Requests that were answered, by route, method and status code.")
            .labelNames("route", "method", "code")
            .withoutExemplars()
            .register(registry);
    durations =
        Histogram.builder()
            .name("minikv_http_request_duration_seconds")
            .unit(Unit.SECONDS)
            .help("Time from the head of a request to the end of its response.")
            .labelNames("route", "method", "status")
            .classicOnly()
            .classicUpperBounds(
                0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                2.5, 5, 10, 30)
            .withoutExemplars()
            .register(registry);
    GaugeWithCallback.builder()
        .name("minikv_http_requests_in_flight")
        .help("Requests under way that count against the limit: all but health and metrics.")
        .callback(gauge -> gauge.call(gate.underWay()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("minikv_uptime_seconds")
        .unit(Unit.SECONDS)
        .help("Time since the server was started.")
        .callback(gauge -> gauge.call((double) uptime.seconds()))
        .register(registry);
  }

  /** The metrics of a route; the name is one of a fixed set. */
  RouteMetrics ofRoute(String name) {
    return new RouteMetrics(name, requests, durations);
  }
}
