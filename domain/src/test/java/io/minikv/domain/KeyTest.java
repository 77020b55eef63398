package io.minikv.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KeyTest {

  @Test
  void aKeyHasOneToTheGreatestNumberOfBytes() {
    assertThat(Key.copyOf(new byte[1]).length()).isEqualTo(1);
    assertThat(Key.copyOf(new byte[Key.MAX_LENGTH]).length()).isEqualTo(65_535);
    assertThat(Key.of("a".repeat(Key.MAX_LENGTH)).length()).isEqualTo(65_535);
  }

  @Test
  void anEmptyKeyIsRefused() {
    assertThatThrownBy(() -> Key.of(""))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("empty")
        .hasMessageContaining("65535");
    assertThatThrownBy(() -> Key.copyOf(new byte[0])).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> Key.copyOf(new byte[3], 1, 0))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aLongerKeyIsRefusedWithItsLength() {
    assertThatThrownBy(() -> Key.copyOf(new byte[65_536]))
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            refusal -> {
              assertThat(refusal.actual()).isEqualTo(65_536);
              assertThat(refusal.limit()).isEqualTo(Key.MAX_LENGTH);
              assertThat(refusal).hasMessageContaining("65536").hasMessageContaining("65535");
            });
    assertThatThrownBy(() -> Key.of("\u20ac".repeat(21_846)))
        .as("the length counts bytes, not characters")
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void aTextIsTakenAsItsUtf8Bytes() {
    Key key = Key.of("\u00e9\u20ac\ud83d\ude00");
    assertThat(key.toByteArray())
        .isEqualTo("\u00e9\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8));
    assertThat(key.length()).isEqualTo(9);
    assertThat(key.utf8()).isEqualTo("\u00e9\u20ac\ud83d\ude00");
    assertThat(key.isUtf8()).isTrue();
  }

  @Test
  void anUnpairedSurrogateIsRefusedRatherThanReplaced() {
    for (String text : List.of("\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d")) {
      assertThatThrownBy(() -> Key.of(text))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("surrogate");
    }
  }

  @Test
  void whatIsNotUtf8IsTold() {
    List<byte[]> malformed =
        List.of(
            bytes(0xFF),
            bytes(0x80),
            bytes(0xC0, 0x80), // an overlong zero
            bytes(0xE2, 0x82), // a euro sign that ends too early
            bytes(0xED, 0xA0, 0x80), // a surrogate
            bytes(0xF4, 0x90, 0x80, 0x80)); // above U+10FFFF
    for (byte[] bytes : malformed) {
      assertThat(Key.copyOf(bytes).isUtf8()).isFalse();
      assertThat(Key.copyOf(bytes).utf8()).contains("\ufffd");
    }
    assertThat(Key.copyOf(bytes(0)).isUtf8()).isTrue();
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() {
    List<Key> ordered =
        List.of(
            key(0),
            key(0, 0),
            key(0, 1),
            key(1),
            key(0x7F),
            key(0x7F, 0xFF),
            key(0x80),
            key(0xFF),
            key(0xFF, 0),
            key(0xFF, 0xFF));
    assertThat(new TreeSet<>(ordered.reversed())).containsExactlyElementsOf(ordered);
    for (int i = 0; i < ordered.size(); i++) {
      for (int j = 0; j < ordered.size(); j++) {
        assertThat(Integer.signum(ordered.get(i).compareTo(ordered.get(j))))
            .isEqualTo(Integer.signum(Integer.compare(i, j)));
      }
    }
  }

  @Test
  void keysAreEqualWhenTheirBytesAre() {
    assertThat(Key.of("a\u20ac"))
        .isEqualTo(key('a', 0xE2, 0x82, 0xAC))
        .hasSameHashCodeAs(key('a', 0xE2, 0x82, 0xAC))
        .isEqualByComparingTo(key('a', 0xE2, 0x82, 0xAC))
        .isNotEqualTo(Key.of("a"))
        .isNotEqualTo("a\u20ac");
  }

  @Test
  void aKeyDoesNotChangeWithTheBytesThatItCameFrom() {
    byte[] bytes = bytes('a', 'b', 'c', 'd');
    Key whole = Key.copyOf(bytes);
    Key part = Key.copyOf(bytes, 1, 2);
    Arrays.fill(bytes, (byte) 0);
    whole.toByteArray()[0] = 0;
    assertThat(whole).isEqualTo(Key.of("abcd"));
    assertThat(part).isEqualTo(Key.of("bc"));
  }

  @Test
  void aPartMustLieWithinTheBytes() {
    assertThatThrownBy(() -> Key.copyOf(new byte[4], 3, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Key.copyOf(new byte[4], -1, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void itsBufferCannotBeWritten() {
    ByteBuffer buffer = Key.of("ab").asByteBuffer();
    assertThat(buffer.remaining()).isEqualTo(2);
    assertThatThrownBy(() -> buffer.put((byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void itsBytesCanBeUsedInPlace() {
    Key key = Key.of("abc");
    byte[] target = bytes('.', '.', '.', '.', '.');
    key.copyTo(target, 1);
    assertThat(target).isEqualTo(bytes('.', 'a', 'b', 'c', '.'));
    assertThat(key.contentEquals(target, 1, 4)).isTrue();
    assertThat(key.contentEquals(target, 1, 3)).isFalse();
    assertThat(key.contentEquals(target, 0, 3)).isFalse();
    assertThat(key.byteAt(2)).isEqualTo((byte) 'c');
  }

  @Test
  void keysOfAnyLengthAreEqualToTheSameBytesOnly() {
    for (int length = 1; length <= 100; length++) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) length);
      Key key = Key.copyOf(bytes);
      byte[] target = new byte[length + 20];
      key.copyTo(target, 9);
      assertThat(key.contentEquals(target, 9, 9 + length)).isTrue();
      assertThat(key.contentEquals(target, 9, 10 + length)).isFalse();
      for (int at = 9; at < 9 + length; at++) {
        target[at]++;
        assertThat(key.contentEquals(target, 9, 9 + length)).as("%d of %d", at, length).isFalse();
        target[at]--;
      }
    }
  }

  @Test
  void itsBytesCanBeReadAsNumbersTheLowestFirst() {
    Key key = key(0, 1, 2, 3, 4, 5, 6, 7, 0xF8);
    assertThat(key.intAt(1)).isEqualTo(0x04030201);
    assertThat(key.longAt(0)).isEqualTo(0x0706050403020100L);
    assertThat(key.longAt(1)).isEqualTo(0xF807060504030201L);
    assertThatThrownBy(() -> key.intAt(6)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> key.longAt(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aKeyStartsWithItsPrefixes() {
    Key key = Key.of("abc");
    for (String prefix : List.of("", "a", "ab", "abc")) {
      assertThat(key.startsWith(prefix.getBytes(StandardCharsets.UTF_8))).isTrue();
    }
    for (String other : List.of("b", "abcd", "abd", "A")) {
      assertThat(key.startsWith(other.getBytes(StandardCharsets.UTF_8))).isFalse();
    }
  }

  @Test
  void itsFormForPeopleShowsWhatCanBeShown() {
    assertThat(Key.of("user:1/\u00e9\u20ac\ud83d\ude00 x"))
        .hasToString("user:1/\u00e9\u20ac\ud83d\ude00 x");
    assertThat(Key.of("a\\b")).hasToString("a\\\\b");
    assertThat(key(0, 'a', 0x0A, 0x7F, 0x1B)).hasToString("\\x00a\\x0a\\x7f\\x1b");
    assertThat(key('a', 0xFF, 'b', 0xC3)).hasToString("a\\xffb\\xc3");
    assertThat(Key.of("\u200e")).as("what cannot be seen").hasToString("\\xe2\\x80\\x8e");
    assertThat(Key.of("\\x00")).hasToString("\\\\x00").isNotEqualTo(key(0));
  }

  @Test
  void noTwoKeysHaveTheSameFormForPeople() {
    int[] alphabet = {0, 'x', '0', '\\', 0xC3, 0xA9, 0xE2, 0x80, 0x8E, 0xFF};
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<Key> keys = new HashSet<>();
    Set<String> forms = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      int[] bytes =
          random.ints(1 + random.nextInt(6), 0, alphabet.length).map(n -> alphabet[n]).toArray();
      keys.add(key(bytes));
      forms.add(key(bytes).toString());
      assertThat(forms).as("seed %s, key %s", seed, key(bytes)).hasSameSizeAs(keys);
    }
  }

  private static Key key(int... bytes) {
    return Key.copyOf(bytes(bytes));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
