package io.minikv.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class ValueTest {

  @Test
  void aValueMayBeEmpty() {
    assertThat(Value.empty().length()).isZero();
    assertThat(Value.of("")).isEqualTo(Value.empty()).isEqualTo(Value.wrap(new byte[0]));
  }

  @Test
  void aCopyDoesNotChangeWithTheBytesThatItCameFrom() {
    byte[] bytes = {1, 2, 3};
    Value value = Value.copyOf(bytes);
    bytes[0] = 9;
    value.toByteArray()[1] = 9;
    assertThat(value.toByteArray()).containsExactly(1, 2, 3);
  }

  @Test
  void valuesAreEqualWhenTheirBytesAre() {
    assertThat(Value.of("abc"))
        .isEqualTo(Value.wrap(new byte[] {'a', 'b', 'c'}))
        .hasSameHashCodeAs(Value.copyOf(new byte[] {'a', 'b', 'c'}))
        .isNotEqualTo(Value.of("abd"));
  }

  @Test
  void aTextWithAnUnpairedSurrogateIsRefused() {
    assertThatThrownBy(() -> Value.of("\ud83d")).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aPartCanBeCopied() {
    byte[] target = new byte[4];
    Value.of("abcdef").copyTo(2, target, 1, 3);
    assertThat(target).containsExactly(0, 'c', 'd', 'e');
    assertThatThrownBy(() -> Value.of("abc").copyTo(2, target, 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void itsBufferCannotBeWritten() {
    assertThatThrownBy(() -> Value.of("a").asByteBuffer().put((byte) 0))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  @Test
  void itsFormForPeopleIsShortHoweverLongItIs() {
    assertThat(Value.of("a\0")).hasToString("Value[2 bytes: a\\x00]");
    assertThat(Value.wrap(new byte[1_000_000]).toString())
        .startsWith("Value[1000000 bytes: \\x00")
        .endsWith("...]")
        .hasSizeLessThan(200);
  }

  @Test
  void whetherItIsTextIsTold() {
    assertThat(Value.of("\u20ac").isUtf8()).isTrue();
    assertThat(Value.of("\u20ac").utf8()).isEqualTo("\u20ac");
    assertThat(Value.wrap(new byte[] {(byte) 0xFF}).isUtf8()).isFalse();
  }
}
