package io.minikv.engine;

import io.minikv.engine.DamageScenario.Ending;

/** See {@link FuzzedStore}: index snapshots. */
public final class SnapshotFuzz {

  private static final FuzzedStore STORE =
      new FuzzedStore(Ending.CLOSED, name -> name.startsWith("INDEX-"));

  private SnapshotFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    STORE.use(data);
  }
}
