package io.minikv.domain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributesTest {

  @Test
  void thereMayBeNone() {
    assertThat(Attributes.none().isEmpty()).isTrue();
    assertThat(Attributes.none().asMap()).isEmpty();
    assertThat(Attributes.copyOf(Map.of())).isEqualTo(Attributes.none());
  }

  @Test
  void aTextIsFoundByItsName() {
    Attributes attributes = Attributes.copyOf(Map.of("b", "2", "a", "", "c", "\u20ac"));
    assertThat(attributes.get("a")).contains("");
    assertThat(attributes.get("c")).contains("\u20ac");
    assertThat(attributes.get("d")).isEmpty();
    assertThat(attributes.isEmpty()).isFalse();
    assertThat(attributes.asMap().keySet()).containsExactly("a", "b", "c");
  }

  @Test
  void theyAreEqualWhenTheirNamesAndTextsAre() {
    Attributes attributes = Attributes.copyOf(Map.of("a", "1", "b", "2"));
    assertThat(attributes)
        .isEqualTo(Attributes.copyOf(Map.of("b", "2", "a", "1")))
        .hasSameHashCodeAs(Attributes.copyOf(Map.of("b", "2", "a", "1")))
        .isNotEqualTo(Attributes.copyOf(Map.of("a", "1", "b", "3")))
        .hasToString("{a=1, b=2}");
  }

  @Test
  void theyDoNotChangeWithTheMapThatTheyCameFrom() {
    Map<String, String> texts = new HashMap<>(Map.of("name", "text"));
    Attributes attributes = Attributes.copyOf(texts);
    texts.put("name", "other");
    assertThat(attributes).isEqualTo(Attributes.of("name", "text"));
    assertThatThrownBy(() -> attributes.asMap().put("a", "b"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void theirNumberIsLimited() {
    assertThat(Attributes.copyOf(numbered(Attributes.MAX_COUNT)).asMap()).hasSize(64);
    assertThatThrownBy(() -> Attributes.copyOf(numbered(Attributes.MAX_COUNT + 1)))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("65")
        .hasMessageContaining("64");
  }

  @Test
  void aNameHasOneToTheGreatestNumberOfBytes() {
    assertThat(Attributes.of("n".repeat(255), "").get("n".repeat(255))).isPresent();
    assertThatThrownBy(() -> Attributes.of("", "text"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> Attributes.of("n".repeat(256), ""))
        .isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> Attributes.of("\u20ac".repeat(86), ""))
        .as("the length counts bytes, not characters")
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void theirLengthCountsTheBytesOfUtf8() {
    for (String text : new String[] {"~", "\u0080", "\u07ff", "\u0800", "\uffff", "\ud83d\ude00"}) {
      int bytes = text.getBytes(UTF_8).length;
      String longest = text.repeat((Attributes.MAX_BYTES - 4) / bytes);
      assertThat(Attributes.of("name", longest).get("name")).contains(longest);
      assertThatThrownBy(() -> Attributes.of("name", longest + text + text))
          .isInstanceOf(LimitExceededException.class);
    }
    assertThatThrownBy(() -> Attributes.of("name", "half a pair: \ud83d"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("surrogate");
  }

  @Test
  void theirTotalLengthIsLimited() {
    assertThat(Attributes.of("name", "t".repeat(4_092)).isEmpty()).isFalse();
    assertThatThrownBy(() -> Attributes.of("name", "t".repeat(4_093)))
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            refusal -> {
              assertThat(refusal.actual()).isEqualTo(4_097);
              assertThat(refusal.limit()).isEqualTo(Attributes.MAX_BYTES);
            });
    assertThatThrownBy(() -> Attributes.of("name", "\u20ac".repeat(1_365)))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void whatUtf8CannotHoldIsRefused() {
    assertThatThrownBy(() -> Attributes.of("\ud83d", ""))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("attribute name");
    assertThatThrownBy(() -> Attributes.of("name", "\ude00"))
        .isInstanceOf(InvalidRequestException.class);
  }

  private static Map<String, String> numbered(int count) {
    Map<String, String> texts = new HashMap<>();
    for (int i = 0; i < count; i++) {
      texts.put("name" + i, "");
    }
    return texts;
  }
}
