package io.minikv.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.KeyRange.Bound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyRangeTest {

  private static final Key A = Key.of("a");
  private static final Key B = Key.of("b");
  private static final Key C = Key.of("c");

  @Test
  void allKeysLieInTheWholeRange() {
    assertThat(KeyRange.all().contains(key(0))).isTrue();
    assertThat(KeyRange.all().contains(Key.copyOf(filled(Key.MAX_LENGTH)))).isTrue();
  }

  @Test
  void aLowerBoundBelongsToTheRangeWhenItIsInclusive() {
    assertThat(KeyRange.from(B).contains(B)).isTrue();
    assertThat(KeyRange.after(B).contains(B)).isFalse();
    assertThat(KeyRange.after(B).contains(key('b', 0))).isTrue();
    assertThat(KeyRange.from(B).contains(A)).isFalse();
    assertThat(KeyRange.from(B).contains(C)).isTrue();
  }

  @Test
  void anUpperBoundBelongsToTheRangeWhenItIsInclusive() {
    assertThat(KeyRange.before(B).contains(B)).isFalse();
    assertThat(KeyRange.before(B).contains(key('a', 0xFF))).isTrue();
    KeyRange upTo = new KeyRange(Optional.empty(), Optional.of(new Bound(B, true)));
    assertThat(upTo.contains(B)).isTrue();
    assertThat(upTo.contains(key('b', 0))).isFalse();
  }

  @Test
  void betweenGoesFromTheFirstToBeforeTheEnd() {
    KeyRange range = KeyRange.between(A, C);
    assertThat(range.contains(A)).isTrue();
    assertThat(range.contains(B)).isTrue();
    assertThat(range.contains(C)).isFalse();
  }

  @Test
  void aRangeWhoseEndsCrossIsEmpty() {
    for (KeyRange range : List.of(KeyRange.between(C, A), KeyRange.between(B, B))) {
      for (Key key : List.of(A, B, C)) {
        assertThat(range.contains(key)).isFalse();
      }
    }
  }

  @Test
  void aKeyIsBelowInOrAboveARange() {
    KeyRange range = KeyRange.between(B, C);
    assertThat(range.isBelow(A)).isTrue();
    assertThat(range.isAbove(A)).isFalse();
    assertThat(range.isBelow(B)).isFalse();
    assertThat(range.isAbove(B)).isFalse();
    assertThat(range.isAbove(C)).isTrue();
    assertThat(range.isBelow(C)).isFalse();
    assertThat(KeyRange.after(B).isBelow(B)).isTrue();
  }

  @Test
  void aPrefixHoldsTheKeysThatBeginWithIt() {
    KeyRange range = KeyRange.prefix("b");
    assertThat(range).isEqualTo(KeyRange.between(B, C));
    assertThat(range.contains(key('b', 0xFF, 0xFF))).isTrue();
  }

  @Test
  void theEmptyPrefixHoldsAllKeys() {
    assertThat(KeyRange.prefix("")).isEqualTo(KeyRange.all());
    assertThat(KeyRange.prefix(new byte[0])).isEqualTo(KeyRange.all());
  }

  @Test
  void aPrefixThatEndsInTheGreatestByteEndsBehindTheByteBeforeIt() {
    assertThat(prefix('a', 0xFF)).isEqualTo(KeyRange.between(key('a', 0xFF), B));
    assertThat(prefix('a', 0xFF, 0xFF)).isEqualTo(KeyRange.between(key('a', 0xFF, 0xFF), B));
    assertThat(prefix(0x7F)).isEqualTo(KeyRange.between(key(0x7F), key(0x80)));
    assertThat(prefix(0xFE, 0xFF)).isEqualTo(KeyRange.between(key(0xFE, 0xFF), key(0xFF)));
  }

  @Test
  void aPrefixOfGreatestBytesHasNoEnd() {
    assertThat(prefix(0xFF)).isEqualTo(KeyRange.from(key(0xFF)));
    assertThat(prefix(0xFF, 0xFF)).isEqualTo(KeyRange.from(key(0xFF, 0xFF)));
    assertThat(KeyRange.prefix(filled(Key.MAX_LENGTH)).upper()).isEmpty();
  }

  @Test
  void aPrefixLongerThanAKeyIsRefused() {
    assertThatThrownBy(() -> KeyRange.prefix(new byte[Key.MAX_LENGTH + 1]))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> KeyRange.prefix("\ud83d"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("prefix");
  }

  @Test
  void theArrayOfAPrefixIsNotChangedAndNotKept() {
    byte[] prefix = {'a'};
    KeyRange range = KeyRange.prefix(prefix);
    assertThat(prefix).containsExactly('a');
    prefix[0] = 'z';
    assertThat(range).isEqualTo(KeyRange.prefix("a"));
  }

  @Test
  void ofTwoEqualBoundsTheExclusiveOneLeavesLess() {
    assertThat(KeyRange.from(B).intersect(KeyRange.after(B))).isEqualTo(KeyRange.after(B));
    assertThat(KeyRange.after(B).intersect(KeyRange.from(B))).isEqualTo(KeyRange.after(B));
  }

  @Test
  void aKeyLiesInAnIntersectionWhenItLiesInBoth() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      KeyRange one = randomRange(random);
      KeyRange two = randomRange(random);
      Key key = randomKey(random);
      assertThat(one.intersect(two).contains(key))
          .as("seed %s: %s in %s and %s", seed, key, one, two)
          .isEqualTo(one.contains(key) && two.contains(key));
    }
  }

  @Test
  void aKeyLiesInThePrefixesThatItStartsWith() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] prefix = randomKey(random).toByteArray();
      Key key = randomKey(random);
      assertThat(KeyRange.prefix(prefix).contains(key))
          .as("seed %s: %s has prefix %s", seed, key, Key.copyOf(prefix))
          .isEqualTo(key.startsWith(prefix));
    }
  }

  private static KeyRange randomRange(Random random) {
    return new KeyRange(randomBound(random), randomBound(random));
  }

  private static Optional<Bound> randomBound(Random random) {
    return random.nextInt(4) == 0
        ? Optional.empty()
        : Optional.of(new Bound(randomKey(random), random.nextBoolean()));
  }

  private static Key randomKey(Random random) {
    List<Integer> extremes = new ArrayList<>(List.of(0, 1, 0x7F, 0x80, 0xFE, 0xFF));
    int[] bytes =
        random.ints(1 + random.nextInt(3), 0, extremes.size()).map(extremes::get).toArray();
    return key(bytes);
  }

  private static KeyRange prefix(int... bytes) {
    return KeyRange.prefix(key(bytes).toByteArray());
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xFF);
    return bytes;
  }

  private static Key key(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Key.copyOf(bytes);
  }
}
