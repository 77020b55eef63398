package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The worked examples of the documentation are what the program writes. */
class FormatExamplesTest {

  private static final Pattern BLOCK =
      Pattern.compile("```hex\\s*\\n# example: (\\S+)\\n(.*?)```", Pattern.DOTALL);
  private static final int BYTES_A_LINE = 16;

  private final FormatExamples examples = new FormatExamples();

  @Test
  void every_example_in_the_documentation_is_what_the_program_writes() throws IOException {
    Map<String, byte[]> encoded = examples.all();
    Map<String, String> documented = documentedExamples();

    assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(encoded.keySet());
    encoded.forEach((name, bytes) ->
        assertThat(documented.get(name))
            .as("the right block is:%n%s", block(name, bytes))
            .isEqualTo(HexFormat.of().formatHex(bytes)));
  }

  @Test
  void the_frames_of_the_examples_are_intact_where_they_lie() throws FormatException {
    for (Map.Entry<String, byte[]> frame : examples.frames().entrySet()) {
      FrameHead head = FrameHead.parse(frame.getValue(), 0);
      assertThat(head.isIntact(FormatExamples.FILE, examples.offset(frame.getKey())))
          .as(frame.getKey())
          .isTrue();
      assertThat(head.frameLength()).as(frame.getKey()).isEqualTo(frame.getValue().length);
    }
  }

  private static Map<String, String> documentedExamples() throws IOException {
    Map<String, String> documented = new HashMap<>();
    for (Path file : documents()) {
      Matcher block = BLOCK.matcher(Files.readString(file));
      while (block.find()) {
        String digits = block.group(2).replaceAll("#[^\\n]*", "").replaceAll("\\s", "");
        assertThat(documented.put(block.group(1), digits))
            .as("example %s stands twice", block.group(1))
            .isNull();
      }
    }
    return documented;
  }

  private static List<Path> documents() throws IOException {
    Path fromModule = Path.of("..", "docs", "format");
    Path directory = Files.isDirectory(fromModule) ? fromModule : Path.of("docs", "format");
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  private static String block(String name, byte[] bytes) {
    StringBuilder text = new StringBuilder("```hex\n# example: ").append(name).append('\n');
    HexFormat hex = HexFormat.ofDelimiter(" ");
    for (int at = 0; at < bytes.length; at += BYTES_A_LINE) {
      int end = Math.min(bytes.length, at + BYTES_A_LINE);
      text.append(hex.formatHex(bytes, at, end)).append('\n');
    }
    return text.append("```").toString();
  }
}
