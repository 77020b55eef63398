package io.minikv.app;

import dagger.BindsInstance;
import dagger.Subcomponent;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.maintenance.StoreMaintenance;

/** The objects of a server, wired around a store that is open. */
@Subcomponent
interface ServerComponent {

  /** The server, not started yet. */
  Server server();

  /** Makes them. */
  @Subcomponent.Factory
  interface Factory {

    /** The objects for one configuration and one store. */
    ServerComponent create(
        @BindsInstance ServerConfiguration configuration,
        @BindsInstance KeyValueStore data,
        @BindsInstance StoreMaintenance maintenance);
  }
}
