package io.minikv.app;

import dagger.Binds;
import dagger.Module;
import dagger.Provides;
import io.minikv.adapter.cli.CliEnvironment;
import io.minikv.adapter.cli.MiniKvCli;
import io.minikv.adapter.cli.ServerLauncher;
import io.minikv.adapter.cli.StoreOpener;
import io.minikv.domain.maintenance.StoreTools;
import io.minikv.engine.SegmentedStoreTools;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** How the objects of the program are made that do not say it themselves. */
@Module(subcomponents = ServerComponent.class)
abstract class ProgramModule {

  @Binds
  abstract StoreOpener storeOpener(CommandStoreOpener opener);

  @Binds
  abstract ServerLauncher serverLauncher(ServerProgram program);

  @Provides
  @Singleton
  static CliEnvironment environment() {
    return CliEnvironment.ofProcess();
  }

  @Provides
  static InstantSource clock() {
    return InstantSource.system();
  }

  @Provides
  static StoreTools storeTools(InstantSource clock) {
    return new SegmentedStoreTools(clock);
  }

  @Provides
  static MiniKvCli cli(
      CliEnvironment environment, StoreOpener opener, ServerLauncher launcher, StoreTools tools) {
    return new MiniKvCli(environment, opener, launcher, tools);
  }
}
