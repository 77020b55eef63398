package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.minikv.domain.Durability;
import io.minikv.testkit.Tried;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power of a real ext4 is cut under the engine. Skipped where this user may not mount one.
 *
 * <p>A run prints its seed, which chooses the moments of the cuts and what is written ({@code
 * -Dminikv.test.seed}); what the threads do at such a moment differs from run to run. The system
 * property {@code minikv.test.scale} multiplies the cuts.
 */
@Timeout(3_600)
class PowerCutTest {

  @TempDir private Path folder;

  @Tag("brief")
  @Test
  void a_power_cut_takes_nothing_that_was_acknowledged() throws Exception {
    assertThat(cut(Durability.ALWAYS, 10).lost()).isZero();
  }

  @Tag("thorough")
  @Test
  void hundreds_of_power_cuts_take_nothing_that_was_acknowledged() throws Exception {
    assertThat(cut(Durability.ALWAYS, 300 * scale()).lost()).isZero();
  }

  /** Shows that the cuts above do take away what was not forced. */
  @Tag("brief")
  @Test
  void power_cuts_take_writes_that_were_not_forced_and_leave_a_prefix() throws Exception {
    assertThat(cut(Durability.OS, 5).lost()).isPositive();
  }

  @Tag("thorough")
  @Test
  void many_power_cuts_leave_a_prefix_of_writes_that_were_not_forced() throws Exception {
    assertThat(cut(Durability.OS, 50 * scale()).lost()).isPositive();
  }

  @Tag("thorough")
  @Test
  void many_power_cuts_leave_a_prefix_of_writes_that_are_forced_now_and_then() throws Exception {
    assertThat(cut(Durability.INTERVAL, 50 * scale()).lost()).isPositive();
  }

  private static int scale() {
    return Integer.getInteger("minikv.test.scale", 1);
  }

  private PowerCutRun cut(Durability durability, int times) throws Exception {
    long seed = Long.getLong("minikv.test.seed", System.nanoTime());
    try (Ext4Image image = Ext4Image.create(folder)) {
      assumeThat(image.problem()).as("an ext4 can be made and mounted").isEmpty();
      PowerCutRun run = new PowerCutRun(image, durability, seed);
      long begin = System.nanoTime();
      run.cut(times);
      long millisPerCut = (System.nanoTime() - begin) / 1_000_000 / times;
      IO.println("%s, %s; %d ms a cut".formatted(durability, run, millisPerCut));
      new Tried("Real power cuts")
          .count("cuts with " + durability, times)
          .count("acknowledged writes with " + durability, run.acknowledged())
          .count("acknowledged writes lost with " + durability, run.lost())
          .note("time per cut with " + durability, millisPerCut + " ms")
          .seed(seed);
      return run;
    }
  }
}
