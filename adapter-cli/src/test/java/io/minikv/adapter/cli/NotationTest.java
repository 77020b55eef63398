package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Key;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotationTest {

  private static final int ROUNDS = 2_000;

  @Test
  void writesKeysAsTheDomainDoesAndReadsThemBack() {
    long seed = Long.getLong("minikv.test.seed", System.nanoTime());
    RandomGenerator random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = randomBytes(random);
      String text = Notation.escape(bytes);
      assertThat(text).as("-Dminikv.test.seed=%d", seed).isEqualTo(Key.copyOf(bytes).toString());
      assertThat(Notation.unescape(text, "key")).as("-Dminikv.test.seed=%d", seed).isEqualTo(bytes);
    }
  }

  /** Half of them text with everything that is special in it, half of them noise. */
  private static byte[] randomBytes(RandomGenerator random) {
    int length = random.nextInt(1, 12);
    if (random.nextBoolean()) {
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      return noise;
    }
    String alphabet = "ax0\\ \n\u0085\u00e9\u20ac\u200b\ud83d\ude00";
    StringBuilder text = new StringBuilder();
    int[] codePoints = alphabet.codePoints().toArray();
    for (int index = 0; index < length; index++) {
      text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\", "a\\", "\\n", "\\x", "\\x1", "\\xg1", "\\X41"})
  void refusesALoneBackslash(String text) {
    assertThatThrownBy(() -> Notation.unescape(text, "key"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("the key has a lone backslash");
  }

  @Test
  void showsTextAsItIsButNothingThatATerminalWouldObey() {
    byte[] bytes = "a\\b\n\tc\u001b[31m\u0007\u202e".getBytes(StandardCharsets.UTF_8);

    assertThat(Notation.display(bytes)).isEqualTo("a\\b\n\tc\\x1b[31m\\x07\\xe2\\x80\\xae");
  }
}
