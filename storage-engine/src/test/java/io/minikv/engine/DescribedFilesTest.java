package io.minikv.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.io.DiskImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people are told of the files of a store that are neither segments nor key files. */
class DescribedFilesTest {

  private static final String VALUE = "000000002.val";
  private static final String SNAPSHOT = "INDEX-00000000000000000009";
  private static final int VALUE_FILE_LENGTH = 70_081;

  private final SampleStore store = SampleStore.closed();
  private final DiskImage image = store.image();

  // ---- the MANIFEST

  @Test
  void the_manifest_of_a_closed_store_tells_where_each_segment_ends() {
    String expected =
        """
        MANIFEST: 244 bytes, format version 1, whole
          store              (id)
          created            2025-01-01T00:00:00Z
          closed in order    yes
          replaced           10 times
          next file number   8
          sequence number    9
          segments           4
            000000001.log  log        complete  end 3936  sequence numbers 1 to 6
            000000003.log  log        complete  end 4040  sequence numbers 7 to 7
            000000004.log  log        complete  end 4040  sequence numbers 8 to 8
            000000005.log  log        complete  end 4008  sequence numbers 9 to 9
        """;
    assertThat(store.describe("MANIFEST")).isEqualTo(expected);
    assertThat(store.describe(image.with("MANIFEST.tmp", image.bytes("MANIFEST")), "MANIFEST.tmp"))
        .isEqualTo(expected.replace("MANIFEST", "MANIFEST.tmp"));
  }

  @Test
  void the_manifest_of_an_open_store_tells_that_it_is_open() {
    assertThat(SampleStore.killed().describe("MANIFEST"))
        .contains(
            "  closed in order    no: open, or after a crash\n",
            "  sequence number    1033, which none handed out reaches\n",
            "    000000006.log  log        open      end 0  sequence numbers 0 to 0\n");
  }

  @Test
  void a_damaged_manifest_is_shown_as_bytes() {
    assertThat(store.describeDamaged("MANIFEST", 100))
        .startsWith(
            """
            MANIFEST: 244 bytes, has a checksum that does not fit
                       0    4d 4b 56 4d 41 4e 49 46 01 00 01 00 04 00 00 00  MKVMANIF........
            """)
        .doesNotContain("whole", "more");
  }

  // ---- value files

  @Test
  void a_value_file_is_read_to_its_end() {
    assertThat(store.describe(VALUE))
        .isEqualTo(
            """
            000000002.val: a value file, 70081 bytes
                       0  header: store (id), file number 2, created 2025-01-01T00:00:00Z, key large
                      57  value of 70000 bytes, whole
            """);
  }

  @Test
  void damage_in_any_block_of_a_value_is_told() {
    for (int block = 0; block < 2; block++) {
      int blockAt = 57 + block * (64 << 10);
      for (int at : new int[] {blockAt, blockAt + 4_000}) {
        assertThat(store.describeDamaged(VALUE, at))
            .endsWith(
                "          57  value of 70000 bytes, DAMAGED: 000000002.val, at byte "
                    + blockAt
                    + ", has a value whose checksum does not fit\n");
      }
    }
  }

  @Test
  void damaged_checksums_of_a_value_are_told() {
    assertThat(store.describeDamaged(VALUE, VALUE_FILE_LENGTH - 20))
        .endsWith(", has checksums whose own checksum does not fit\n");
  }

  @Test
  void a_damaged_length_of_a_value_is_told() {
    int lengthAt = VALUE_FILE_LENGTH - 16;
    for (int at = lengthAt; at < lengthAt + 8; at++) {
      assertThat(store.describeDamaged(VALUE, at))
          .endsWith("       70065  DAMAGED footer, or the file is not complete\n");
    }
  }

  @Test
  void a_value_file_without_its_end_is_told() {
    for (int length : new int[] {57, 72}) {
      assertThat(describeCut(VALUE, length))
          .endsWith("          57  DAMAGED: the file ends before its footer\n");
    }
    assertThat(describeCut(VALUE, 73))
        .endsWith("          57  DAMAGED footer, or the file is not complete\n");
  }

  @Test
  void a_damaged_header_of_a_value_file_leaves_only_bytes() {
    assertThat(store.describeDamaged(VALUE, 20))
        .contains(
            "\n           0  DAMAGED header: the file has a header whose checksum does not fit\n"
                + "           0    4d 4b 56 56 41 4c 55 45 ")
        .endsWith("\n         256    and 69825 bytes more\n");
  }

  // ---- index snapshots

  @Test
  void a_snapshot_tells_how_far_it_covers_each_segment() {
    assertThat(store.describe(SNAPSHOT))
        .isEqualTo(
            """
            INDEX-00000000000000000009: an index snapshot, 448 bytes
                       0  header: store (id), sequence number 9, taken 2025-01-01T00:00:00Z, 7 keys
                          000000001.log up to 3936, 3480 bytes live
                          000000003.log up to 4040, 3944 bytes live
                          000000004.log up to 4040, 3944 bytes live
                          000000005.log up to 4008, 3944 bytes live
                     328  entries, whole
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "140, has a list of segments whose checksum does not fit",
    "340, 'has entries whose checksum does not fit, at byte 328'"
  })
  void a_damaged_snapshot_is_shown_as_bytes(int flippedAt, String problem) {
    assertThat(store.describeDamaged(SNAPSHOT, flippedAt))
        .contains(
            "\n              DAMAGED: the file "
                + problem
                + "\n           0    4d 4b 56 49 4e 44 45 58 ")
        .endsWith("\n         256    and 192 bytes more\n");
  }

  // ---- other files

  @Test
  void files_of_text_are_shown_as_far_as_they_are_short() {
    assertThat(describe("LOCK", " process 7\u0001 of \u00e4\n"))
        .isEqualTo("LOCK: 18 bytes of text: process 7. of ..\n");
    assertThat(describe("INCOMPLETE", "x".repeat(5_000)))
        .isEqualTo("INCOMPLETE: 5000 bytes of text: " + "x".repeat(4_096) + "\n");
  }

  @Test
  void anything_else_is_shown_as_bytes_and_text() {
    String first = "notes: %d bytes, no kind of file that is described further\n";
    assertThat(describe("notes", "")).isEqualTo(first.formatted(0));
    assertThat(describe("notes", "0 hello\u001f~\u007f world\n"))
        .isEqualTo(
            first.formatted(17)
                + "           0    30 20 68 65 6c 6c 6f 1f 7e 7f 20 77 6f 72 6c 64"
                + "  0 hello.~. world\n"
                + "          16    0a                                               .\n");
  }

  @Test
  void no_more_than_256_bytes_are_shown() {
    assertThat(describe("notes", "x".repeat(256)).lines()).hasSize(1 + 16);
    assertThat(describe("notes", "x".repeat(257)).lines())
        .hasSize(1 + 16 + 1)
        .last()
        .isEqualTo("         256    and 1 bytes more");
  }

  private String describe(String name, String content) {
    return store.describe(image.with(name, content.getBytes(UTF_8)), name);
  }

  private String describeCut(String name, int length) {
    return store.describe(image.with(name, Arrays.copyOf(image.bytes(name), length)), name);
  }
}
