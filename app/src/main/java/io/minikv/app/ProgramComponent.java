package io.minikv.app;

import dagger.Component;
import io.minikv.adapter.cli.MiniKvCli;
import jakarta.inject.Singleton;

/** The objects of the program, wired. */
@Singleton
@Component(modules = ProgramModule.class)
interface ProgramComponent {

  /** What the arguments of the program are given to. */
  MiniKvCli cli();
}
