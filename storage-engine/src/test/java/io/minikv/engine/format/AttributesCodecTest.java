package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Attributes;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attributes are read as they were written, wherever they stand. */
class AttributesCodecTest {

  @Test
  void attributes_come_back_from_anywhere_in_an_array() throws FormatException {
    Attributes attributes = Attributes.copyOf(Map.of("long", "x".repeat(300), "short", ""));
    byte[] encoded = AttributesCodec.encode(attributes);
    byte[] bytes = new byte[encoded.length + 14];
    System.arraycopy(encoded, 0, bytes, 7, encoded.length);

    assertThat(AttributesCodec.decode(bytes, 7, encoded.length)).isEqualTo(attributes);
    assertThat(AttributesCodec.decode(bytes, 7, 0)).isEqualTo(Attributes.none());
  }

  @Test
  void attributes_cut_short_are_refused() {
    byte[] encoded = AttributesCodec.encode(Attributes.of("content-type", "text/plain"));
    byte[] bytes = new byte[encoded.length + 1_000];
    System.arraycopy(encoded, 0, bytes, 900, encoded.length);
    for (int length = 1; length < encoded.length; length++) {
      int shorter = length;
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> AttributesCodec.decode(bytes, 900, shorter))
          .withMessage("has attributes that end too early");
    }
  }
}
