package io.minikv.app;

import io.minikv.adapter.http.HttpServer;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.domain.maintenance.StoreMaintenance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves an open store over HTTP. For one run. */
final class Server {

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final ServerConfiguration configuration;
  private final KeyValueStore data;
  private final StoreMaintenance maintenance;
  private final InstantSource clock;

  @Inject
  Server(
      ServerConfiguration configuration,
      KeyValueStore data,
      StoreMaintenance maintenance,
      InstantSource clock) {
    this.configuration = configuration;
    this.data = data;
    this.maintenance = maintenance;
    this.clock = clock;
  }

  /**
   * Runs on the calling thread until it is asked to stop, and has finished the requests under way.
   *
   * @throws StoreUnavailableException when it cannot listen where it should
   */
  void runUntil(StopRequest stop) {
    try (HttpServer http = listen()) {
      LOG.info(
          "MiniKV listens on {} as volume {}, with durability {}.",
          url(http.address().getPort()),
          configuration.http().volumeId(),
          configuration.store().options().durability().name().toLowerCase(Locale.ROOT));
      stop.await();
    }
  }

  private HttpServer listen() {
    try {
      return HttpServer.start(configuration.http(), data, maintenance, clock);
    } catch (IOException e) {
      throw new StoreUnavailableException(
          Reason.INACCESSIBLE, "the server cannot start: " + e.getMessage(), e);
    }
  }

  /** The address as it was configured, which people recognise, and the port as it came out. */
  private String url(int port) {
    String host = configuration.http().bindAddress();
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
