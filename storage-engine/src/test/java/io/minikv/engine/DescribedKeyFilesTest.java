package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.WriteBatch;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.format.Reforged;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people are told of the parts of key files, whole or damaged. */
class DescribedKeyFilesTest {

  private static final String KEYS = "000000001.keys";
  private static final String MERGED = "000000007.merged";
  private static final int FOOTER_LENGTH = 96;

  private final SampleStore store = SampleStore.closed();
  private final DiskImage image = store.image();

  @Test
  void a_key_file_is_described_part_by_part() {
    assertThat(store.describe(KEYS))
        .isEqualTo(
            """
            000000001.keys: a key file, 361 bytes
                     265  footer: of the segment up to 3936 with a filter of 1 blocks at 197, 8 records, 2 of them tombstones, sequence numbers 1 to 6
                      64  block of 8 records
            """);
    assertThat(store.describe(image.without("MANIFEST"), KEYS)).isEqualTo(store.describe(KEYS));
  }

  @Test
  void a_merged_key_file_tells_which_segments_it_is_of() {
    assertThat(store.describe(MERGED))
        .isEqualTo(
            """
            000000007.merged: a key file, 260 bytes
                     164  footer: of 2 segments, 2 records, 0 of them tombstones, sequence numbers 7 to 8
                      64  block of 2 records
                     112  list of segments
                          000000003.log up to 4040, 1 records
                          000000004.log up to 4040, 1 records
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          000000001.keys   |  20 |   0 | 64 bytes: the file has a header whose checksum does not fit
          000000001.keys   |  66 |  64 | 133 bytes: the file has a block of an impossible length
          000000001.keys   | 100 |  64 | 133 bytes: the file has a block whose checksum does not fit
          000000001.keys   | 200 | 197 | 68 bytes: the file has a filter whose checksum does not fit
          000000001.keys   | 270 | 265 | 96 bytes: the file has a footer whose checksum does not fit
          000000007.merged |  70 |  64 | 48 bytes: the file has a block whose checksum does not fit
          000000007.merged | 120 | 112 | 52 bytes: the file has a list of segments whose checksum does not fit
          """)
  void a_damaged_part_of_a_key_file_is_told(String name, int flippedAt, int partAt, String told) {
    assertThat(store.describeDamaged(name, flippedAt))
        .contains("\n%12d  DAMAGED: %s\n".formatted(partAt, told))
        .containsOnlyOnce("DAMAGED");
  }

  @Test
  void a_key_file_without_any_id_is_shown_as_bytes() {
    DiskImage changed = image.with(KEYS, store.damaged(KEYS, 20)).without("MANIFEST");

    assertThat(store.describe(changed, KEYS))
        .startsWith(
            """
            000000001.keys: a key file, 361 bytes
              No file tells which store it belongs to, so that no part can be verified.
                       0    4d 4b 56 4b 45 59 53 46 01 00 00 00 40 00 00 00  MKVKEYSF....@...
            """)
        .endsWith("\n         256    and 105 bytes more\n");
  }

  @Test
  void a_key_file_that_is_cut_short_is_told() {
    for (int length : new int[] {64, 159}) {
      assertThat(describeCut(length))
          .isEqualTo(
              """
              000000001.keys: a key file, %1$d bytes
                         0  DAMAGED: %1$d bytes: the file ends after %1$d bytes, before its footer
              """
                  .formatted(length));
    }
    assertThat(describeCut(160))
        .endsWith("  64  DAMAGED: 96 bytes: the file has a footer whose checksum does not fit\n");
    assertThat(describeCut(20))
        .contains("  0  DAMAGED: 20 bytes: the file ends within its header, after 20 bytes\n");
  }

  private String describeCut(int length) {
    return store.describe(image.with(KEYS, Arrays.copyOf(image.bytes(KEYS), length)), KEYS);
  }

  @Test
  void a_key_file_of_another_number_is_told() {
    DiskImage changed = image.with("000000003.keys", image.bytes("000000004.keys"));

    assertThat(store.describe(changed, "000000003.keys"))
        .contains(
            "           0  DAMAGED: 64 bytes: the file belongs to another segment or another store\n");
  }

  // ---- parts that are not where a footer tells, though its checksum fits

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          000000001.keys   | 68 |    2 | 197 | 132 bytes: the file has a filter outside of it
          000000001.keys   | 68 |    0 | 197 | 68 bytes: the file has bytes that belong to nothing
          000000001.keys   | 80 |   63 |  63 | 68 bytes: the file has a filter outside of it
          000000001.keys   | 80 |  198 | 198 | 68 bytes: the file has a filter outside of it
          000000007.merged | 76 |    3 | 112 | 76 bytes: the file has a list of segments outside of it
          000000007.merged | 76 |    1 | 140 | 24 bytes: the file has bytes that belong to nothing
          000000007.merged | 80 |   63 |  63 | 52 bytes: the file has a list of segments outside of it
          000000007.merged | 80 |  113 | 113 | 52 bytes: the file has a list of segments outside of it
          """)
  void a_part_that_is_not_where_the_footer_tells_is_told(
      String name, int fieldAt, int field, int partAt, String told) {
    byte[] bytes = image.bytes(name);
    LittleEndian.putInt(bytes, bytes.length - FOOTER_LENGTH + fieldAt, field);

    assertThat(store.describe(image.with(name, Reforged.file(name, bytes)), name))
        .endsWith("\n%12d  DAMAGED: %s\n".formatted(partAt, told));
  }

  @Test
  void a_filter_or_a_list_at_an_impossible_place_is_told() {
    for (String name : new String[] {KEYS, MERGED}) {
      for (long at : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE - 10, Long.MAX_VALUE}) {
        byte[] bytes = image.bytes(name);
        LittleEndian.putLong(bytes, bytes.length - FOOTER_LENGTH + 80, at);

        assertThat(store.describe(image.with(name, Reforged.file(name, bytes)), name))
            .contains("\n%12d  DAMAGED: ".formatted(at))
            .endsWith(" outside of it\n");
      }
    }
  }

  // ---- several levels of blocks, and a filter of several pages

  @Test
  void each_block_and_each_page_of_a_filter_is_verified() {
    SampleStore large = withManyKeys();
    String whole = large.describe(KEYS);
    assertThat(whole).doesNotContain("DAMAGED");
    assertThat(whole.lines().filter(line -> line.contains("  block of ")))
        .hasSizeGreaterThan(10)
        .first()
        .asString()
        .startsWith("          64  block of ")
        .endsWith(" records");
    assertThat(whole.lines()).last().asString().matches(" +\\d+  block of \\d+ blocks");
    assertThat(whole.lines().filter(line -> line.endsWith(" blocks"))).hasSize(1);

    byte[] bytes = large.image().bytes(KEYS);
    int footerAt = bytes.length - FOOTER_LENGTH;
    int filterAt = (int) LittleEndian.getLong(bytes, footerAt + 80);
    int pageLength = 64 * 64 + 4;
    assertThat(footerAt - filterAt).isBetween(pageLength + 1, 2 * pageLength);
    for (int at : new int[] {filterAt, filterAt + pageLength - 1}) {
      assertThat(large.describeDamaged(KEYS, at))
          .endsWith(damagedFilter(filterAt, pageLength))
          .containsOnlyOnce("DAMAGED");
    }
    for (int at : new int[] {filterAt + pageLength, footerAt - 1}) {
      assertThat(large.describeDamaged(KEYS, at))
          .endsWith(damagedFilter(filterAt + pageLength, footerAt - filterAt - pageLength))
          .containsOnlyOnce("DAMAGED");
    }
  }

  private static String damagedFilter(int at, int length) {
    return "\n%12d  DAMAGED: %d bytes: the file has a filter whose checksum does not fit\n"
        .formatted(at, length);
  }

  /** One whose first segment has thousands of records. */
  private static SampleStore withManyKeys() {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedStore open =
        SegmentedStore.open(
            disk, Stores.SMALL_SEGMENTS.withSegmentBytes(256 << 10), EngineThreads.NONE)) {
      for (int from = 0; from < 8_000; from += 500) {
        open.write(
            new WriteBatch(
                IntStream.range(from, from + 500)
                    .<Mutation>mapToObj(i -> Mutation.Put.of(Key.of("key-" + i), Value.empty()))
                    .toList()));
      }
    }
    return new SampleStore(disk.processKill());
  }
}
