package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.util.HeaderMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {

  private final RequestIds ids = new RequestIds();

  @Test
  void aGoodNameIsKept() {
    String name = "A.b_c~9-" + "x".repeat(120);
    assertThat(ids.of(new HeaderMap().put(RequestIds.HEADER, name))).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"b", "\u00e9", "a/b", "{}"})
  void aBadNameIsReplaced(String name) {
    assertThat(ids.of(new HeaderMap().put(RequestIds.HEADER, name)))
        .isNotEqualTo(name)
        .matches("[0-9a-f]{12}-[0-9a-f]+");
  }

  @Test
  void aLongNameIsReplaced() {
    assertThat(ids.of(new HeaderMap().put(RequestIds.HEADER, "x".repeat(129)))).hasSizeLessThan(40);
  }

  @Test
  void madeNamesDiffer() {
    assertThat(ids.of(new HeaderMap())).isNotEqualTo(ids.of(new HeaderMap()));
  }
}
