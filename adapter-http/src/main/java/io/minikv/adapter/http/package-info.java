/**
 * The HTTP API: translates requests into calls of the port, and its answers into responses.
 *
 * <p>Front door: {@link io.minikv.adapter.http.HttpServer}, configured by {@link
 * io.minikv.adapter.http.HttpServerConfig}. The way of a request: {@code Entrance} (identity,
 * admission, framing), {@code Router}, then the endpoint of its route ({@code BlobReading}, {@code
 * BlobWriting}, {@code BlobListing}, {@code HealthEndpoints}, {@code MetricsEndpoint}, {@code
 * AdminEndpoints}). Whatever goes wrong on that way becomes a {@code Problem} in one place, {@code
 * ErrorBoundary}.
 */
@NullMarked
package io.minikv.adapter.http;

import org.jspecify.annotations.NullMarked;
