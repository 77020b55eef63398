package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SegmentHeaderTest {

  private final byte[] encoded = FormatExamples.HEADER.encode();

  @Test
  void a_header_is_read_as_it_was_written() throws FormatException {
    SegmentHeader compacted =
        new SegmentHeader(SegmentHeader.Kind.COMPACTED, FormatExamples.STORE, 1L << 40, 5);

    assertThat(encoded).hasSize(SegmentHeader.LENGTH);
    assertThat(SegmentHeader.decode(encoded)).isEqualTo(FormatExamples.HEADER);
    assertThat(SegmentHeader.decode(compacted.encode())).isEqualTo(compacted);
  }

  @Test
  void what_follows_the_header_does_not_matter() throws FormatException {
    assertThat(SegmentHeader.decode(Arrays.copyOf(encoded, 100))).isEqualTo(FormatExamples.HEADER);
  }

  @Test
  void every_flipped_bit_is_noticed() {
    Flips.ofEveryBit(
        encoded,
        (bit, damaged) ->
            assertThatExceptionOfType(FormatException.class)
                .as("bit %d", bit)
                .isThrownBy(() -> SegmentHeader.decode(damaged)));
  }

  @Test
  void every_truncation_is_noticed() {
    for (int length = 0; length < encoded.length; length++) {
      byte[] shorter = Arrays.copyOf(encoded, length);
      assertThatExceptionOfType(FormatException.class)
          .as("length %d", length)
          .isThrownBy(() -> SegmentHeader.decode(shorter))
          .withMessage("ends within its header, after " + length + " bytes")
          .returns(FormatException.Kind.DAMAGED, FormatException::kind);
    }
  }

  @Test
  void a_newer_version_is_told_from_damage() {
    LittleEndian.putShort(encoded, 8, 2);
    LittleEndian.putInt(encoded, 60, Checksum.of(encoded, 0, 60));

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SegmentHeader.decode(encoded))
        .withMessage("has format version 2, but this program knows only version 1")
        .returns(FormatException.Kind.NEWER, FormatException::kind);
  }

  @Test
  void another_kind_of_file_is_foreign() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SegmentHeader.decode(FormatExamples.MANIFEST.encode()))
        .withMessage("does not begin as a segment does")
        .returns(FormatException.Kind.FOREIGN, FormatException::kind);
  }

  @Test
  void an_unknown_kind_of_segment_is_refused() {
    LittleEndian.putShort(encoded, 10, 3);
    LittleEndian.putInt(encoded, 60, Checksum.of(encoded, 0, 60));

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SegmentHeader.decode(encoded))
        .withMessage("has the unknown segment kind 3");
  }

  @Test
  void what_stands_where_zeros_should_be_is_refused() {
    encoded[50] = 1;
    LittleEndian.putInt(encoded, 60, Checksum.of(encoded, 0, 60));

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SegmentHeader.decode(encoded))
        .withMessage("has a header with something where zeros should be");
  }
}
