package io.minikv.engine;

import io.minikv.engine.DamageScenario.Ending;
import io.minikv.engine.format.FileNames;

/** See {@link FuzzedStore}: merged key files. */
public final class MergedKeysFuzz {

  private static final FuzzedStore STORE =
      new FuzzedStore(Ending.CLOSED, name -> FileNames.mergedNumber(name).isPresent());

  private MergedKeysFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    STORE.use(data);
  }
}
