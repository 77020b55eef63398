package io.minikv.app;

import io.minikv.adapter.http.HttpServerConfig;
import java.nio.file.Path;

/**
 * All that is configured for a server. It is valid in itself.
 *
 * @param dataDirectory where the store is; absolute
 * @param store how the store is opened
 * @param http how it is served
 * @param accessLog whether each request is logged
 */
record ServerConfiguration(
    Path dataDirectory, StoreConfiguration store, HttpServerConfig http, boolean accessLog) {}
