package io.minikv.engine;

import io.minikv.engine.DamageScenario.Ending;

/** See {@link FuzzedStore}: files of single values. */
public final class ValueFileFuzz {

  private static final FuzzedStore STORE =
      new FuzzedStore(Ending.CLOSED, name -> name.endsWith(".val"));

  private ValueFileFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    STORE.use(data);
  }
}
