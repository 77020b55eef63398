package io.minikv.adapter.cli;

import java.nio.file.Path;

/** Opens the store in a data directory. The application implements it. */
@FunctionalInterface
public interface StoreOpener {

  /**
   * Opens a store. The command line closes it.
   *
   * @param dataDirectory where its files are; absolute
   * @param mayCreate whether a store that is not there is created. When it may not be, and there is
   *     none, the method throws and leaves everything as it was
   * @throws io.minikv.domain.StoreUnavailableException when it cannot be opened; the message says
   *     who has it, or what is wrong
   * @throws io.minikv.domain.InvalidRequestException when the configuration is wrong; one mistake a
   *     line
   */
  OpenStore open(Path dataDirectory, boolean mayCreate);
}
