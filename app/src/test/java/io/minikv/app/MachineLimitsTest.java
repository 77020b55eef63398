package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.adapter.http.HttpServerConfig.Limits;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineLimitsTest {

  private static final Limits LIMITS = Limits.DEFAULT;

  @Test
  void aLargeMachineLeavesTheLimitsAsTheyAre() {
    assertThat(new MachineLimits(8L << 30, Optional.of(100_000)).lower(LIMITS)).isEqualTo(LIMITS);
    assertThat(new MachineLimits(8L << 30, Optional.empty()).lower(LIMITS)).isEqualTo(LIMITS);
  }

  @Test
  void bodiesTakeAQuarterOfASmallHeap() {
    Limits lowered = new MachineLimits(64L << 20, Optional.empty()).lower(LIMITS);
    assertThat(lowered).isEqualTo(LIMITS.withMaxBodyBytesInFlight(16L << 20));
  }

  @Test
  void connectionsTakeHalfOfFewDescriptors() {
    Limits lowered = new MachineLimits(8L << 30, Optional.of(1_024)).lower(LIMITS);
    assertThat(lowered).isEqualTo(LIMITS.withMaxConnections(512));
  }

  @Test
  void whatThisProcessMayUseIsKnown() {
    assertThat(MachineLimits.ofThisProcess().heapBytes()).isPositive();
  }
}
