package io.minikv.app;

import io.minikv.adapter.cli.MiniKvCli;
import io.minikv.domain.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entry point of the program. Its arguments, output and exit status are those of {@link
 * MiniKvCli}.
 */
public final class Main {

  private Main() {}

  /** Runs the command line, and ends the process with its status. */
  public static void main(String[] args) {
    Logging.start();
    MiniKvCli cli = DaggerProgramComponent.create().cli();
    // Whatever ends the process early, a store that a command has open is closed before.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> giveUp(cli), "minikv-shutdown"));
    System.exit(cli.run(args));
  }

  private static void giveUp(MiniKvCli cli) {
    try {
      cli.interrupt();
    } catch (StoreException e) {
      Logger log = LoggerFactory.getLogger(Main.class);
      log.error("The store did not close properly: {}", e.getMessage());
    }
  }
}
