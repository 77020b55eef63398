package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentCodingTest {

  @Test
  void everyByteSurvivesEncodingAndDecoding() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    String encoded = PercentCoding.encode(all);
    assertThat(encoded).matches("[A-Za-z0-9._~%-]*");
    assertThat(PercentCoding.decodePath(encoded)).isEqualTo(all);
    assertThat(PercentCoding.decodeQuery(encoded)).isEqualTo(all);
  }

  @Test
  void aPlusIsASpaceInQueriesOnly() {
    assertThat(PercentCoding.decodePath("a+b%2B"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("a+b+");
    assertThat(PercentCoding.decodeQuery("a+b%2B"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("a b+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "a%", "%2", "%zz", "%2z", "%%20", "% 2", "%-1"})
  void aMalformedEscapeIsRefused(String text) {
    assertThatThrownBy(() -> PercentCoding.decodePath(text))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("malformed escape");
  }
}
