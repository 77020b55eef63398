package io.minikv.engine;

import io.minikv.engine.DamageScenario.Ending;

/** See {@link FuzzedStore}: the segments after a crash. */
public final class LogFuzz {

  private static final FuzzedStore STORE =
      new FuzzedStore(Ending.KILLED, name -> name.endsWith(".log"));

  private LogFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    STORE.use(data);
  }
}
