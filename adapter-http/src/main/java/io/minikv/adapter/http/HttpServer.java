package io.minikv.adapter.http;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;

/**
 * The running HTTP server of one store. Thread-safe.
 *
 * <p>It uses the store and never closes it: close the server first, then the store. Each request is
 * written to the log {@code io.minikv.adapter.http.access} at level info, and counted in the
 * metrics of this server, which no other server shares.
 */
public final class HttpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  /** Room for the longest key with every byte escaped, and for headers. */
  private static final int MAX_HEAD_BYTES = 256 << 10;

  private static final long NO_LIMIT = -1;

  private final Undertow undertow;
  private final RequestGate gate;
  private final Duration drain;
  private final InetSocketAddress address;
  private boolean closed;

  private HttpServer(Undertow undertow, RequestGate gate, Duration drain) {
    this.undertow = undertow;
    this.gate = gate;
    this.drain = drain;
    this.address = (InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress();
  }

  /**
   * Starts a server. When this returns, it takes requests.
   *
   * @param clock tells the uptime
   * @throws BindException when it cannot listen there; the message says why and what to do
   * @throws IOException when it cannot start for another reason
   */
  public static HttpServer start(
      HttpServerConfig config,
      KeyValueStore store,
      StoreMaintenance maintenance,
      InstantSource clock)
      throws IOException {
    RequestGate gate = new RequestGate(config.limits().maxConcurrentRequests());
    Undertow undertow =
        builder(config).setHandler(entrance(config, store, maintenance, clock, gate)).build();
    try {
      undertow.start();
    } catch (RuntimeException failure) {
      undertow.stop();
      throw explain(config, failure);
    }
    return new HttpServer(undertow, gate, config.timeouts().drain());
  }

  /** Where it listens; the port is the real one, also where any was asked for. */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * Ends the server: it is no longer ready and refuses new requests; those under way are waited
   * for, up to the time that the configuration gives them; then all connections end. Health is
   * answered until then. Closing again does nothing.
   *
   * <p>When the calling thread is interrupted, requests are no longer waited for; the interrupt
   * status is kept.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    gate.close();
    awaitRequests();
    stop();
  }

  private void stop() {
    try {
      undertow.stop();
    } catch (RuntimeException e) {
      if (!(e.getCause() instanceof InterruptedException)) {
        throw e;
      }
      // Hurried, Undertow waits for its threads no longer: they end on their own.
      LOG.debug("The shutdown does not wait for the threads of the server.", e);
    }
  }

  private void awaitRequests() {
    try {
      if (!gate.awaitIdle(drain)) {
        LOG.warn(
            "{} requests were still under way {} after the shutdown began; they are cut off.",
            gate.underWay(),
            drain);
      }
    } catch (InterruptedException _) {
      LOG.warn("The shutdown was hurried; {} requests under way are cut off.", gate.underWay());
      Thread.currentThread().interrupt();
    }
  }

  private static Undertow.Builder builder(HttpServerConfig config) {
    HttpServerConfig.Timeouts timeouts = config.timeouts();
    return Undertow.builder()
        .addHttpListener(config.port(), config.bindAddress())
        // Beyond it no connection is accepted, so that descriptors are left for the store's files.
        .setSocketOption(Options.CONNECTION_HIGH_WATER, config.limits().maxConnections())
        .setSocketOption(Options.CONNECTION_LOW_WATER, config.limits().maxConnections())
        // Keys are bytes: whatever is in a URL is decoded here, once.
        .setServerOption(UndertowOptions.DECODE_URL, false)
        .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
        // HTTP/1.1 keeps connections anyway; who speaks HTTP/1.0 is told by the entrance.
        .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
        // Bodies have their own limit and their own timeouts, which answer.
        .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, NO_LIMIT)
        .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEAD_BYTES)
        .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, millis(timeouts.requestHead()))
        .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, millis(timeouts.idleConnection()));
  }

  private static Entrance entrance(
      HttpServerConfig config,
      KeyValueStore store,
      StoreMaintenance maintenance,
      InstantSource clock,
      RequestGate gate) {
    HttpServerConfig.Limits limits = config.limits();
    String volumeId = config.volumeId();
    Json json = new Json();
    Duration stalled = config.timeouts().stalledTransfer();
    Replies replies = new Replies(json, stalled);
    ErrorBoundary boundary = new ErrorBoundary(replies);
    StreamedReplies streams = new StreamedReplies(boundary, stalled);
    Uptime uptime = new Uptime(clock);
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(new StoreMetrics(maintenance));
    BodyReceiver bodies =
        new BodyReceiver(
            Math.min(limits.maxRequestBytes(), store.limits().maxValueBytes()),
            new BodyBudget(limits.maxBodyBytesInFlight()),
            stalled,
            boundary);
    Router router =
        new Router(
            new BlobReading(store, replies, streams),
            new BlobWriting(store, volumeId, bodies, replies, boundary),
            new BlobListing(store, json, streams),
            new HealthEndpoints(maintenance, volumeId, uptime, gate, replies),
            new MetricsEndpoint(maintenance, registry, volumeId, uptime, replies),
            new AdminEndpoints(
                maintenance, new BackupPlace(config.backupDirectory()), clock, replies, boundary),
            new ServerMetrics(registry, gate, uptime));
    return new Entrance(gate, router, boundary);
  }

  private static int millis(Duration timeout) {
    return Math.toIntExact(timeout.toMillis());
  }

  private static IOException explain(HttpServerConfig config, RuntimeException failure) {
    String address = config.bindAddress();
    int port = config.port();
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof BindException) {
      String text = String.valueOf(cause.getMessage());
      String message =
          text.contains("in use")
              ? "port " + port + " on " + address + " is in use; choose another with PORT"
              : "cannot listen on " + address + " port " + port + ": " + text;
      BindException clear = new BindException(message);
      clear.initCause(cause);
      return clear;
    }
    return new IOException(
        "cannot listen on " + address + " port " + port + ": " + cause.getMessage(), cause);
  }
}
