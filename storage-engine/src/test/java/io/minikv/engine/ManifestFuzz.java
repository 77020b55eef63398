package io.minikv.engine;

import io.minikv.engine.DamageScenario.Ending;

/** See {@link FuzzedStore}: the MANIFEST. */
public final class ManifestFuzz {

  private static final FuzzedStore STORE =
      new FuzzedStore(Ending.KILLED, name -> name.equals("MANIFEST"));

  private ManifestFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    STORE.use(data);
  }
}
