package io.minikv.engine;

import io.minikv.engine.DamageScenario.Ending;

/** See {@link FuzzedStore}: key files. */
public final class KeyFileFuzz {

  private static final FuzzedStore STORE =
      new FuzzedStore(Ending.CLOSED, name -> name.endsWith(".keys"));

  private KeyFileFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    STORE.use(data);
  }
}
