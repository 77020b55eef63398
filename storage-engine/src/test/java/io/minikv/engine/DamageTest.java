package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.io.DiskImage;
import io.minikv.testkit.Tried;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A flipped bit or a missing end of any file: the store tells, or the damage costs nothing, or it
 * is in the part of the log that was never known to be durable. It never serves a wrong value.
 */
@Timeout(600)
class DamageTest {

  /** A prime, so that all bits of a byte and all fields get their turn. */
  private static final int BIT_STRIDE = 499;

  private static final int LENGTH_STRIDE = 29;

  /** Of so many first bytes of each file every bit is flipped. */
  private static final int HEADER_BYTES = 64;

  @Tag("brief")
  @ParameterizedTest
  @EnumSource
  void flipped_bits_never_change_what_is_read(DamageScenario.Ending ending) {
    flipBits(new DamageScenario(ending), BIT_STRIDE);
  }

  @Tag("brief")
  @ParameterizedTest
  @EnumSource
  void missing_ends_never_change_what_is_read(DamageScenario.Ending ending) {
    truncate(new DamageScenario(ending), LENGTH_STRIDE);
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource
  void no_flipped_bit_changes_what_is_read(DamageScenario.Ending ending) {
    flipBits(new DamageScenario(ending), 1);
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource
  void no_missing_end_changes_what_is_read(DamageScenario.Ending ending) {
    truncate(new DamageScenario(ending), 1);
  }

  private static void flipBits(DamageScenario scenario, int stride) {
    DiskImage image = scenario.image();
    assertThat(image.names()).hasSizeGreaterThan(5);
    for (String name : image.names()) {
      byte[] bytes = image.bytes(name);
      int every = name.equals("MANIFEST") ? Math.min(stride, 3) : stride;
      int[] bits =
          IntStream.range(0, bytes.length * 8)
              .filter(bit -> bit < HEADER_BYTES * 8 || bit % every == 0)
              .toArray();
      Arrays.stream(bits).parallel().forEach(bit -> scenario.checkFlipped(name, bit));
      new Tried("Damage").count("flipped bits", bits.length);
    }
  }

  private static void truncate(DamageScenario scenario, int stride) {
    DiskImage image = scenario.image();
    for (String name : image.names()) {
      byte[] bytes = image.bytes(name);
      int[] lengths =
          IntStream.range(0, bytes.length)
              .filter(length -> length <= HEADER_BYTES || length % stride == 0)
              .toArray();
      Arrays.stream(lengths).parallel().forEach(length -> scenario.checkCut(name, length));
      new Tried("Damage").count("truncations", lengths.length);
    }
  }
}
