/**
 * The HTTP API: translates requests into calls of the port, and its answers into responses.
 *
 * <p>Front door: {@link io.minikv.adapter.http.HttpServer}, configured by {@link
 * io.minikv.adapter.http.HttpServerConfig}. The way of a request: {@code Entrance} (identity,
 * admission, framing), {@code Router}, then the endpoint of its route ({@code BlobReading}, {@code
 * BlobWriting}, {@code BlobListing}, {@code HealthEndpoints}, {@code MetricsEndpoint}, {@code
 * AdminEndpoints}). Whatever goes wrong on that way becomes a {@code Problem} in one place, {@code
 * ErrorBoundary}.
 *
 * <p>Metrics: {@code RouteMetrics} counts and times each request when it is over; {@code
 * StoreMetrics} asks the store for its figures when {@code /metrics} is scraped. The labels are
 * {@code route} (the paths of {@code Router}, {@code /blobs/{key}}, or {@code other}), {@code
 * method} (those that routes have, or {@code other}), and {@code code} or, for durations, {@code
 * status} (its class, such as {@code 2xx}): nothing that a client makes up becomes a series.
 */
@NullMarked
package io.minikv.adapter.http;

import org.jspecify.annotations.NullMarked;
