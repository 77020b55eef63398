package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.format.Reforged;
import io.minikv.engine.io.DiskImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What people are told of the frames of a segment, whole or damaged. */
class DescribedSegmentsTest {

  private static final String FIRST = "000000001.log";
  private static final String SECOND = "000000003.log";

  /** Where the record of the filler begins in the first segment. */
  private static final int FILLER_AT = 560;

  private final SampleStore store = SampleStore.closed();
  private final DiskImage image = store.image();

  @Test
  void each_frame_has_a_line_with_its_offset() {
    assertThat(store.describe(FIRST))
        .isEqualTo(
            """
            000000001.log: a segment, 3936 bytes
                       0  header: kind log, store (id), file number 1, created 2025-01-01T00:00:00Z
                      64  put        seq 1  2025-01-01T00:00:00Z  key plain  value 5 bytes
                     112  watermark  seq 2  durable up to 112
                     144  put        seq 2  2025-01-01T00:00:00Z  key typed\\x00  value 1 bytes  attributes {type=text/plain}  expires 2025-01-01T01:00:00Z
                     216  watermark  seq 3  durable up to 216
                     248  tombstone  seq 3  2025-01-01T00:00:00Z  key plain
                     288  watermark  seq 4  durable up to 288
                     320  put        seq 4  2025-01-01T00:00:00Z  key a  value 1 bytes  the batch goes on
                     360  tombstone  seq 4  2025-01-01T00:00:00Z  key typed\\x00  the batch goes on
                     400  put        seq 4  2025-01-01T00:00:00Z  key b  value 1 bytes
                     440  watermark  seq 5  durable up to 440
                     472  put        seq 5  2025-01-01T00:00:00Z  key large  value 70000 bytes
                     528  watermark  seq 6  durable up to 528
                     560  put        seq 6  2025-01-01T00:00:00Z  key filler  value 3300 bytes
                    3904  watermark  seq 7  durable up to 3904  the segment ends here
            """);
  }

  @Test
  void space_that_was_allocated_ahead_is_zeros() {
    assertThat(SampleStore.killed().describe("000000006.log"))
        .isEqualTo(
            """
            000000006.log: a segment, 4096 bytes
                       0  header: kind log, store (id), file number 6, created 2025-01-01T00:00:00Z
                      64  4032 zeros
            """);
  }

  @Test
  void a_damaged_value_is_told_beside_its_record() {
    assertThat(store.describeDamaged(FIRST, FILLER_AT + 100))
        .contains(
            "     560  put        seq 6  2025-01-01T00:00:00Z  key filler  value 3300 bytes"
                + "  DAMAGED: has a value whose checksum does not fit\n")
        .containsOnlyOnce("DAMAGED");
  }

  @Test
  void a_damaged_record_is_shown_by_its_first_256_bytes() {
    String text = store.describeDamaged(FIRST, FILLER_AT + 12);

    assertThat(text)
        .contains(
            "         560  DAMAGED or torn: 3344 bytes without an intact frame\n",
            "         608    78 78 78 78 78 78 78 78 78 78 78 78 78 78 78 78  xxxxxxxxxxxxxxxx\n",
            "\n         816    and 3088 bytes more\n        3904  watermark  seq 7 ");
    assertThat(text.lines().filter(line -> line.contains("  xxxxxxxxxxxxxxxx"))).hasSize(13);
  }

  @Test
  void a_record_whose_end_is_missing_is_cut_short() {
    assertThat(describeCut(SECOND, 3_000))
        .endsWith(
            "  64  put        seq 7  2025-01-01T00:00:00Z  key more-1  value 3900 bytes"
                + "  DAMAGED: has a record that is cut short\n");
  }

  @Test
  void a_part_of_a_head_is_shown_as_bytes() {
    assertThat(describeCut(SECOND, 100))
        .startsWith("000000003.log: a segment, 100 bytes\n")
        .contains("\n          64  DAMAGED or torn: 36 bytes without an intact frame\n")
        .endsWith("\n          96    6d 6f 72 65                                      more\n");
    assertThat(describeCut(SECOND, 64).lines()).hasSize(2);
  }

  @Test
  void attributes_that_cannot_be_read_are_told_beside_their_record() {
    byte[] bytes = image.bytes(FIRST);
    int lengthOfNameAt = 144 + 32 + 8 + "typed\u0000".length();
    assertThat(bytes[lengthOfNameAt]).isEqualTo((byte) "type".length());
    bytes[lengthOfNameAt] = 100;

    assertThat(store.describe(image.with(FIRST, Reforged.file(FIRST, bytes)), FIRST))
        .contains(
            "  key typed\\x00  value 1 bytes  DAMAGED attributes: has attributes that end too early"
                + "  expires 2025-01-01T01:00:00Z\n");
  }

  // ---- which store it belongs to

  @Test
  void behind_a_damaged_header_frames_are_verified_with_the_id_of_the_manifest() {
    assertThat(store.describeDamaged(FIRST, 20))
        .contains(
            "           0  DAMAGED header: the file has a header whose checksum does not fit\n",
            "      64  put        seq 1 ",
            "  the segment ends here\n");
  }

  @Test
  void a_damaged_manifest_is_not_asked_when_the_header_is_whole() {
    DiskImage changed = image.with("MANIFEST", store.damaged("MANIFEST", 20));

    assertThat(store.describe(changed, FIRST)).isEqualTo(store.describe(FIRST));
  }

  @Test
  void without_any_id_there_are_only_bytes() {
    DiskImage changed = image.with(FIRST, store.damaged(FIRST, 20));

    for (DiskImage nameless :
        new DiskImage[] {
          changed.without("MANIFEST"), changed.with("MANIFEST", store.damaged("MANIFEST", 20))
        }) {
      assertThat(store.describe(nameless, FIRST))
          .contains(
              "  No file tells which store it belongs to, so that no frame can be verified.\n"
                  + "           0    4d 4b 56 53 45 47 4d 54 01 00 01 00 40 00 00 00"
                  + "  MKVSEGMT....@...\n")
          .endsWith("\n         256    and 3680 bytes more\n")
          .doesNotContain("put");
    }
  }

  private String describeCut(String name, int length) {
    return store.describe(image.with(name, Arrays.copyOf(image.bytes(name), length)), name);
  }
}
