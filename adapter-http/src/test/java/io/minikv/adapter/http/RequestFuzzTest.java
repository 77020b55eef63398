package io.minikv.adapter.http;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random inputs. {@code .ci/fuzz} looks for better ones. */
class RequestFuzzTest {

  @Test
  void randomRequestsAreUnderstoodOrRefused() {
    Random random = new Random(20_250_101);
    for (int i = 0; i < 20_000; i++) {
      byte[] input = new byte[random.nextInt(60)];
      random.nextBytes(input);
      RequestFuzz.fuzzerTestOneInput(input);
    }
  }
}
