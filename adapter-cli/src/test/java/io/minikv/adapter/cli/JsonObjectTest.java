package io.minikv.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonObjectTest {

  @Test
  void writesMembersInOrder() {
    JsonObject json =
        new JsonObject()
            .put("text", "t")
            .put("whole", 1L)
            .put("part", 0.5)
            .put("flag", true)
            .put("object", new JsonObject().put("a", 1))
            .put("objects", List.of(new JsonObject(), new JsonObject().put("b", 2)))
            .putTexts("texts", List.of("x", "y"))
            .put("map", Map.of("k", "v"))
            .put("some", Optional.of("s"))
            .put("none", Optional.empty());

    assertThat(json)
        .hasToString(
            "{\"text\":\"t\",\"whole\":1,\"part\":0.5,\"flag\":true,\"object\":{\"a\":1},\"objects\":[{}, {\"b\":2}],\"texts\":[\"x\",\"y\"],\"map\":{\"k\":\"v\"},\"some\":\"s\",\"none\":null}");
  }

  @Test
  void escapesWhatJsonOrATerminalCouldMistake() {
    assertThat(new JsonObject().put("a\"", "\\\n\r\t\u0000\u001b\u007f\u009b\u2028é😀"))
        .hasToString("{\"a\\\"\":\"\\\\\\n\\r\\t\\u0000\\u001b\\u007f\\u009b\\u2028é😀\"}");
  }

  @Test
  void tellsByTheNameHowBytesAreWritten() {
    byte[] text = "é".getBytes(StandardCharsets.UTF_8);

    assertThat(new JsonObject().putBytes("k", text, Encoding.TEXT)).hasToString("{\"k\":\"é\"}");
    assertThat(new JsonObject().putBytes("k", text, Encoding.HEX))
        .hasToString("{\"k_hex\":\"c3a9\"}");
    assertThat(new JsonObject().putBytes("k", new byte[] {-1}, Encoding.TEXT))
        .hasToString("{\"k_base64\":\"/w==\"}");
  }
}
