package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.minikv.engine.format.Manifest.SegmentEntry;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ManifestTest {

  private final byte[] encoded = FormatExamples.MANIFEST.encode();

  @Test
  void a_manifest_is_read_as_it_was_written() throws FormatException {
    Manifest closed =
        new Manifest(
            new StoreId(-1, -2),
            Long.MAX_VALUE,
            -42,
            0,
            7,
            true,
            9,
            List.of(
                new SegmentEntry(
                    6, SegmentHeader.Kind.COMPACTED, Manifest.State.COMPLETE, 1L << 34, 3, 9)));

    assertThat(Manifest.decode(encoded)).isEqualTo(FormatExamples.MANIFEST);
    assertThat(Manifest.decode(closed.encode())).isEqualTo(closed);
  }

  @Test
  void a_manifest_may_list_no_segment_and_many() throws FormatException {
    Manifest none = FormatExamples.MANIFEST.withSegments(List.of());
    List<SegmentEntry> segments =
        LongStream.rangeClosed(1, 1000).mapToObj(SegmentEntry::open).toList();
    Manifest many = new Manifest(new StoreId(1, 2), 3, 4, 5, 1001, false, 6, segments);

    assertThat(Manifest.decode(none.encode())).isEqualTo(none);
    assertThat(Manifest.decode(many.encode())).isEqualTo(many);
  }

  @Test
  void a_manifest_with_impossible_numbers_is_refused() {
    SegmentEntry one = SegmentEntry.open(1);
    SegmentEntry negative =
        new SegmentEntry(1, SegmentHeader.Kind.LOG, Manifest.State.COMPLETE, -64, 0, 0);
    StoreId store = new StoreId(1, 2);

    for (Manifest impossible :
        List.of(
            new Manifest(store, 3, 4, 5, 9, false, 6, List.of(one, one)),
            new Manifest(store, 3, 4, 5, 9, false, 6, List.of(negative)),
            new Manifest(store, 3, 4, 5, 1, false, 6, List.of(one)),
            new Manifest(store, 3, 4, 5, 9, false, -6, List.of(one)))) {
      assertThatExceptionOfType(FormatException.class)
          .as("%s", impossible)
          .isThrownBy(() -> Manifest.decode(impossible.encode()))
          .withMessageContaining("impossible");
    }
  }

  @Test
  void a_manifest_with_the_least_numbers_there_can_be_is_read() throws FormatException {
    SegmentEntry empty =
        new SegmentEntry(
            1, SegmentHeader.Kind.LOG, Manifest.State.COMPLETE, SegmentHeader.LENGTH, 0, 0);
    SegmentEntry ofOneRecord =
        new SegmentEntry(2, SegmentHeader.Kind.LOG, Manifest.State.COMPLETE, 1_000, 5, 5);
    Manifest least =
        new Manifest(
            new StoreId(1, 2),
            0,
            0,
            0,
            4,
            true,
            0,
            List.of(empty, ofOneRecord, SegmentEntry.open(3).retired()));

    assertThat(Manifest.decode(least.encode())).isEqualTo(least);
  }

  @Test
  void a_segment_that_cannot_be_is_refused() {
    for (SegmentEntry impossible :
        List.of(
            complete(SegmentHeader.LENGTH - 1, 0, 0),
            complete(1_000, -1, 5),
            complete(1_000, 6, 5),
            new SegmentEntry(1, SegmentHeader.Kind.LOG, Manifest.State.OPEN, 64, 0, 0),
            new SegmentEntry(1, SegmentHeader.Kind.LOG, Manifest.State.OPEN, 0, 1, 0),
            new SegmentEntry(1, SegmentHeader.Kind.LOG, Manifest.State.OPEN, 0, 0, 1))) {
      Manifest manifest = FormatExamples.MANIFEST.withSegments(List.of(impossible));
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> Manifest.decode(manifest.encode()))
          .withMessage("names the impossible segment " + impossible);
    }
  }

  @Test
  void a_closed_store_with_an_open_segment_is_refused() {
    Manifest open =
        new Manifest(new StoreId(1, 2), 0, 0, 0, 4, false, 0, List.of(SegmentEntry.open(3)));
    byte[] closed = open.encode();
    closed[10] = 1;
    LittleEndian.putInt(closed, closed.length - 4, Checksum.of(closed, 0, closed.length - 4));

    assertThatNoException().isThrownBy(() -> Manifest.decode(open.encode()));
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Manifest.decode(closed))
        .withMessageContaining("not where each segment ends");
  }

  private static SegmentEntry complete(long end, long lowest, long highest) {
    return new SegmentEntry(
        1, SegmentHeader.Kind.LOG, Manifest.State.COMPLETE, end, lowest, highest);
  }

  @Test
  void what_stands_where_zeros_should_be_is_refused() {
    for (int at : new int[] {11, 72, 80 + 11}) {
      encoded[at] = 1;
      fixChecksum();

      assertThatExceptionOfType(FormatException.class)
          .as("byte %d", at)
          .isThrownBy(() -> Manifest.decode(encoded))
          .withMessage("has a header with something where zeros should be");
      encoded[at] = 0;
    }
  }

  @Test
  void every_flipped_bit_is_noticed() {
    Flips.ofEveryBit(
        encoded,
        (bit, damaged) ->
            assertThatExceptionOfType(FormatException.class)
                .as("bit %d", bit)
                .isThrownBy(() -> Manifest.decode(damaged)));
  }

  @Test
  void every_truncation_is_noticed() {
    for (int length = 0; length < encoded.length; length++) {
      byte[] shorter = Arrays.copyOf(encoded, length);
      assertThatExceptionOfType(FormatException.class)
          .as("length %d", length)
          .isThrownBy(() -> Manifest.decode(shorter))
          .returns(FormatException.Kind.DAMAGED, FormatException::kind);
    }
  }

  @Test
  void bytes_behind_the_end_are_noticed() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Manifest.decode(Arrays.copyOf(encoded, encoded.length + 1)))
        .withMessage("has a checksum that does not fit");
  }

  @Test
  void a_newer_version_is_told_from_damage() {
    LittleEndian.putShort(encoded, 8, 2);
    fixChecksum();

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Manifest.decode(encoded))
        .withMessage("has format version 2, but this program knows only version 1")
        .returns(FormatException.Kind.NEWER, FormatException::kind);
  }

  @Test
  void a_number_of_segments_that_does_not_fit_allocates_nothing() {
    for (int count : new int[] {1, 3, Integer.MAX_VALUE, -1}) {
      LittleEndian.putInt(encoded, 12, count);
      fixChecksum();

      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> Manifest.decode(encoded))
          .withMessage("has a length that does not fit its " + count + " segments");
    }
  }

  @Test
  void another_kind_of_file_is_foreign() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> Manifest.decode(new byte[200]))
        .withMessage("does not begin as a MANIFEST does")
        .returns(FormatException.Kind.FOREIGN, FormatException::kind);
  }

  private void fixChecksum() {
    int at = encoded.length - 4;
    LittleEndian.putInt(encoded, at, Checksum.of(encoded, 0, at));
  }
}
