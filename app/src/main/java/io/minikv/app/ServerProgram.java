package io.minikv.app;

import io.minikv.adapter.cli.ServerLauncher;
import io.minikv.domain.maintenance.RecoveryReport;
import io.minikv.engine.SegmentedStore;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of a server: configure, open the store, serve until a signal comes, close the store. */
final class ServerProgram implements ServerLauncher {

  private static final Logger LOG = LoggerFactory.getLogger(ServerProgram.class);

  private final ServerComponent.Factory servers;

  @Inject
  ServerProgram(ServerComponent.Factory servers) {
    this.servers = servers;
  }

  @Override
  public int serve(Map<String, String> settings) {
    ServerConfiguration configuration = ConfigurationReader.server(settings);
    Logging.forServer(configuration.store().logLevel(), configuration.accessLog());
    StopRequest stop = new StopRequest(Thread.currentThread());
    Signals.onEnding(stop::ask);
    try (SegmentedStore store = open(configuration)) {
      servers.create(configuration, store, store).server().runUntil(stop);
    }
    LOG.info("The store is closed.");
    return 0;
  }

  private static SegmentedStore open(ServerConfiguration configuration) {
    Path directory = configuration.dataDirectory();
    SegmentedStore store = SegmentedStore.open(directory, configuration.store().options());
    RecoveryReport recovery = store.statistics().recovery();
    LOG.info("Store in {}: {}", directory, RecoverySummary.of(recovery));
    recovery.findings().forEach(finding -> LOG.warn("Recovery: {}", finding));
    return store;
  }
}
