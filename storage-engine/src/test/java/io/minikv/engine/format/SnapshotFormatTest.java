package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each part of an index snapshot is read as it was written, where it was written, or refused. */
class SnapshotFormatTest {

  private static final SnapshotHeader HEADER =
      new SnapshotHeader(FormatExamples.STORE, 99, 34, 5_000, 10_000, 3);
  private static final FileIdentity FILE = HEADER.identity();
  private static final long OFFSET = 4_096;
  private static final List<SnapshotSegment> SEGMENTS =
      List.of(
          new SnapshotSegment(4, 3_552, 800, 500, 1, 20),
          new SnapshotSegment(7, 64, 0, 0, 0, 0),
          new SnapshotSegment(8, 4_096, 1_000, 700, 21, 34));

  // ---- header

  @Test
  void a_header_tells_all_that_was_written() throws FormatException {
    assertThat(SnapshotHeader.decode(HEADER.encode(), HEADER.fileLength())).isEqualTo(HEADER);
  }

  @Test
  void a_header_has_its_fields_where_the_specification_says() {
    byte[] bytes = HEADER.encode();

    assertThat(bytes).hasSize(128);
    assertThat(LittleEndian.getLong(bytes, 32)).isEqualTo(99);
    assertThat(LittleEndian.getLong(bytes, 40)).isEqualTo(34);
    assertThat(LittleEndian.getLong(bytes, 48)).isEqualTo(5_000);
    assertThat(LittleEndian.getLong(bytes, 56)).isEqualTo(10_000);
    assertThat(LittleEndian.getInt(bytes, 64)).isEqualTo(3);
  }

  @Test
  void a_header_tells_where_the_entries_begin_and_where_the_file_ends() {
    assertThat(HEADER.blocksAt()).isEqualTo(128 + 3 * 48 + 8);
    assertThat(HEADER.fileLength()).isEqualTo(128 + 3 * 48 + 8 + 3 * 8 + 10_000 * 16);
  }

  @Test
  void checksums_are_bound_to_the_nonce_and_to_a_store_of_their_own() {
    FileIdentity identity = HEADER.identity();
    SnapshotHeader other = new SnapshotHeader(FormatExamples.STORE, 98, 34, 5_000, 10_000, 3);

    assertThat(identity.mask(OFFSET)).isNotEqualTo(other.identity().mask(OFFSET));
    assertThat(identity.mask(OFFSET))
        .isNotEqualTo(new FileIdentity(FormatExamples.STORE, 99).mask(OFFSET));
    assertThat(identity.store().high()).isEqualTo(~FormatExamples.STORE.high());
    assertThat(identity.store().low()).isEqualTo(FormatExamples.STORE.low());
  }

  @Test
  void a_newer_and_a_foreign_file_are_told_from_a_damaged_one() {
    byte[] newer = HEADER.encode();
    newer[8]++;
    FileHeader.seal(newer);
    byte[] foreign = new byte[128];

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SnapshotHeader.decode(newer, HEADER.fileLength()))
        .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FormatException.Kind.NEWER));
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SnapshotHeader.decode(foreign, HEADER.fileLength()))
        .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FormatException.Kind.FOREIGN));
  }

  @ParameterizedTest
  @CsvSource({"-1, 3", "10000, -1", "9999, 3", "10000, 2"})
  void a_header_that_the_file_does_not_fit_is_refused(long keys, int segments) {
    byte[] bytes = new SnapshotHeader(FormatExamples.STORE, 99, 34, 5_000, keys, segments).encode();

    assertRefused(
        () -> SnapshotHeader.decode(bytes, HEADER.fileLength()),
        "has a length that does not fit its header");
  }

  @Test
  void numbers_that_would_fit_the_file_by_an_overflow_are_refused() {
    SnapshotHeader header = new SnapshotHeader(FormatExamples.STORE, 99, 34, 5_000, 1L << 60, 3);

    assertRefused(
        () -> SnapshotHeader.decode(header.encode(), header.fileLength()),
        "has a length that does not fit its header");
  }

  @Test
  void a_snapshot_of_an_empty_store_is_one() throws FormatException {
    SnapshotHeader empty = new SnapshotHeader(FormatExamples.STORE, 99, 0, 5_000, 0, 0);

    assertThat(empty.fileLength()).isEqualTo(136);
    assertThat(SnapshotHeader.decode(empty.encode(), 136)).isEqualTo(empty);
  }

  @Test
  void what_stands_where_zeros_should_be_is_refused() {
    byte[] bytes = HEADER.encode();
    bytes[70] = 1;
    FileHeader.seal(bytes);

    assertRefused(
        () -> SnapshotHeader.decode(bytes, HEADER.fileLength()),
        "has a header with something where zeros should be");
  }

  @Test
  void every_flipped_bit_of_a_header_is_noticed() {
    Flips.ofEveryBit(
        HEADER.encode(),
        (bit, damaged) ->
            assertThatExceptionOfType(FormatException.class)
                .as("bit %d", bit)
                .isThrownBy(() -> SnapshotHeader.decode(damaged, HEADER.fileLength())));
  }

  // ---- segments

  @Test
  void a_list_of_segments_tells_all_that_was_written() throws FormatException {
    byte[] bytes = SnapshotSegment.encode(SEGMENTS, FILE, OFFSET);

    assertThat(bytes).hasSize(3 * 48 + 8).hasSize((int) SnapshotSegment.listLength(3));
    assertThat(SnapshotSegment.decode(bytes, FILE, OFFSET)).isEqualTo(SEGMENTS);
    assertThat(SnapshotSegment.decode(SnapshotSegment.encode(List.of(), FILE, 8), FILE, 8))
        .isEmpty();
  }

  @Test
  void a_list_of_segments_has_its_fields_where_the_specification_says() {
    byte[] bytes = SnapshotSegment.encode(SEGMENTS, FILE, OFFSET);
    long[] last = {8, 4_096, 1_000, 700, 21, 34};

    for (int i = 0; i < last.length; i++) {
      assertThat(LittleEndian.getLong(bytes, 2 * 48 + 8 * i)).isEqualTo(last[i]);
    }
    assertThat(LittleEndian.getInt(bytes, 144))
        .isEqualTo(Checksum.of(bytes, 0, 144) ^ FILE.mask(OFFSET + 144));
  }

  @Test
  void a_list_of_segments_is_refused_when_it_is_damaged_or_elsewhere() {
    byte[] bytes = SnapshotSegment.encode(SEGMENTS, FILE, OFFSET);
    String refusal = "has a list of segments whose checksum does not fit";

    assertRefused(() -> SnapshotSegment.decode(bytes, FILE, OFFSET + 8), refusal);
    Flips.ofEveryBit(
        bytes,
        (_, damaged) ->
            assertRefused(() -> SnapshotSegment.decode(damaged, FILE, OFFSET), refusal));
  }

  // ---- entries

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "1, 1, 24", "4096, 1, 65544", "4097, 2, 65568", "10000, 3, 160024"})
  void entries_stand_in_blocks_of_4096(long entries, long blocks, long length) {
    assertThat(SnapshotBlock.blocks(entries)).isEqualTo(blocks);
    assertThat(SnapshotBlock.totalLength(entries)).isEqualTo(length);
  }

  @Test
  void a_block_tells_all_entries_that_were_written() throws FormatException {
    long[] pairs = new Random(1).longs(2 * 20).toArray();
    byte[] bytes = block(pairs, 17);

    SnapshotBlock.verify(bytes, 17, FILE, OFFSET);
    long[] decoded = new long[2 * 20];
    SnapshotBlock.decode(bytes, 17, decoded);
    assertThat(decoded).startsWith(Arrays.copyOf(pairs, 2 * 17)).endsWith(0, 0, 0, 0, 0, 0);
  }

  @Test
  void a_block_has_its_fields_where_the_specification_says() {
    byte[] bytes = block(new long[] {5, 6, 7, 8}, 2);

    assertThat(bytes).hasSize(40);
    assertThat(LittleEndian.getInt(bytes, 0))
        .isEqualTo(Checksum.of(bytes, 4, 36) ^ FILE.mask(OFFSET));
    assertThat(LittleEndian.getInt(bytes, 4)).isEqualTo(2);
    assertThat(LittleEndian.getLong(bytes, 8)).isEqualTo(5);
    assertThat(LittleEndian.getLong(bytes, 32)).isEqualTo(8);
  }

  @Test
  void a_block_is_refused_when_it_is_damaged_elsewhere_or_of_another_length() {
    byte[] bytes = block(new long[] {5, 6, 7, 8}, 2);
    String refusal = "has entries whose checksum does not fit, at byte 4096";

    assertRefused(() -> SnapshotBlock.verify(bytes, 1, FILE, OFFSET), refusal);
    assertRefused(
        () -> SnapshotBlock.verify(bytes, 2, FILE, 8),
        "has entries whose checksum does not fit, at byte 8");
    Flips.ofEveryBit(
        bytes,
        (_, damaged) ->
            assertRefused(() -> SnapshotBlock.verify(damaged, 2, FILE, OFFSET), refusal));
  }

  @Test
  void a_block_of_another_number_of_entries_is_refused_though_its_checksum_fits() {
    byte[] bytes = block(new long[] {5, 6, 7, 8}, 2);
    LittleEndian.putInt(bytes, 4, 3);
    LittleEndian.putInt(bytes, 0, Checksum.of(bytes, 4, 36) ^ FILE.mask(OFFSET));

    assertRefused(
        () -> SnapshotBlock.verify(bytes, 2, FILE, OFFSET),
        "has entries whose checksum does not fit, at byte 4096");
  }

  private static byte[] block(long[] pairs, int entries) {
    byte[] bytes = new byte[SnapshotBlock.length(entries)];
    SnapshotBlock.encode(pairs, entries, bytes, FILE, OFFSET);
    return bytes;
  }

  private static void assertRefused(Reading reading, String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(reading::read)
        .withMessage(message)
        .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FormatException.Kind.DAMAGED));
  }

  /** Reads what may be damaged. */
  private interface Reading {

    void read() throws FormatException;
  }
}
