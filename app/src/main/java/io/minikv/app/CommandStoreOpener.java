package io.minikv.app;

import io.minikv.adapter.cli.CliEnvironment;
import io.minikv.adapter.cli.OpenStore;
import io.minikv.adapter.cli.StoreOpener;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.engine.SegmentedStore;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the store that a command or the shell works on. */
final class CommandStoreOpener implements StoreOpener {

  /** What every store has, and nothing else. */
  private static final String STORE_MARK = "MANIFEST";

  private final CliEnvironment environment;

  @Inject
  CommandStoreOpener(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public OpenStore open(Path dataDirectory, boolean mayCreate) {
    StoreConfiguration configuration = ConfigurationReader.command(environment.variables());
    Logging.forCommand(configuration.logLevel());
    if (!mayCreate && Files.notExists(dataDirectory.resolve(STORE_MARK))) {
      throw new StoreUnavailableException(
          Reason.INACCESSIBLE,
          "there is no store in "
              + dataDirectory
              + "; name the right directory with --data-dir or DATA_DIR, or create one by storing"
              + " something",
          null);
    }
    SegmentedStore store = SegmentedStore.open(dataDirectory, configuration.options());
    return new OpenStore(store, store);
  }
}
