package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands around the value in a value file is read as it was written, or refused. */
class ValueFileFormatTest {

  private static final ValueFileHeader HEADER =
      new ValueFileHeader(FormatExamples.STORE, 13, 5_000, Key.of("film"));
  private static final FileIdentity FILE = new FileIdentity(FormatExamples.STORE, 13);
  private static final long VALUE_AT = 56;

  // ---- header

  @ParameterizedTest
  @ValueSource(ints = {1, 4, Key.MAX_LENGTH})
  void a_header_tells_all_that_was_written(int keyLength) throws FormatException {
    byte[] key = new byte[keyLength];
    Arrays.fill(key, (byte) 'k');
    ValueFileHeader header = new ValueFileHeader(FormatExamples.STORE, 13, 5_000, Key.copyOf(key));
    byte[] bytes = header.encode();

    assertThat(bytes).hasSize(ValueFileHeader.length(keyLength)).hasSize(52 + keyLength);
    assertThat(ValueFileHeader.decode(bytes)).isEqualTo(header);
    assertThat(ValueFileHeader.decode(Arrays.copyOf(bytes, bytes.length + 7))).isEqualTo(header);
  }

  @Test
  void every_flipped_bit_and_every_missing_end_of_a_header_is_noticed() {
    byte[] bytes = HEADER.encode();

    Flips.ofEveryBit(bytes, (_, damaged) -> assertRefused(() -> ValueFileHeader.decode(damaged)));
    for (int length = 0; length < bytes.length; length++) {
      byte[] shorter = Arrays.copyOf(bytes, length);
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> ValueFileHeader.decode(shorter))
          .withMessageContaining("ends within its header");
    }
  }

  @Test
  void a_file_of_zeros_has_no_header() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> ValueFileHeader.decode(new byte[100]))
        .withMessage("has no header");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5})
  void a_key_that_does_not_fit_its_header_is_refused(int keyLength) {
    byte[] bytes = HEADER.encode();
    LittleEndian.putShort(bytes, 10, keyLength);
    FileHeader.seal(bytes);

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> ValueFileHeader.decode(bytes))
        .withMessage("has a header whose lengths do not fit");
  }

  // ---- trailer

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, 65_537, 65 * 65_536 + 1})
  void a_trailer_knows_each_block_of_the_value(int length) throws FormatException {
    byte[] value = value(length);
    byte[] bytes = trailer(value).encode(length);
    int blocks = (length + 65_535) / 65_536;

    ValueFileTrailer read = ValueFileTrailer.decode(bytes, FILE, VALUE_AT, length);

    assertThat(bytes).hasSize(4 * blocks + 16).hasSize(ValueFileTrailer.length(length));
    assertThat(ValueFileTrailer.valueLength(Arrays.copyOfRange(bytes, 4 * blocks, bytes.length)))
        .isEqualTo(length);
    for (int block = 0; block < blocks; block++) {
      int from = block * 65_536;
      int blockLength = Math.min(65_536, length - from);
      assertThat(read.matches(block, value, from, blockLength)).isTrue();
      assertThat(read.matches(block + 1, value, from, blockLength)).isFalse();
      value[from]++;
      assertThat(read.matches(block, value, from, blockLength)).isFalse();
    }
  }

  @Test
  void a_trailer_has_its_fields_where_the_specification_says() {
    byte[] value = value(65_537);
    byte[] bytes = trailer(value).encode(value.length);

    assertThat(LittleEndian.getInt(bytes, 0))
        .isEqualTo(Checksum.of(value, 0, 65_536) ^ FILE.mask(VALUE_AT));
    assertThat(LittleEndian.getInt(bytes, 4))
        .isEqualTo(Checksum.of(value, 65_536, 1) ^ FILE.mask(VALUE_AT + 65_536));
    assertThat(LittleEndian.getLong(bytes, 8)).isEqualTo(65_537);
    assertThat(LittleEndian.getInt(bytes, 20))
        .isEqualTo(Checksum.of(bytes, 0, 20) ^ FILE.mask(VALUE_AT + 65_537));
  }

  @Test
  void a_trailer_is_refused_when_it_is_damaged_or_of_another_place_or_length() {
    byte[] bytes = trailer(value(65_537)).encode(65_537);

    Flips.ofEveryBit(
        bytes,
        (_, damaged) ->
            assertRefused(() -> ValueFileTrailer.decode(damaged, FILE, VALUE_AT, 65_537)));
    assertRefused(() -> ValueFileTrailer.decode(bytes, FILE, VALUE_AT + 1, 65_537));
    assertRefused(() -> ValueFileTrailer.decode(bytes, FILE, VALUE_AT, 65_538));
  }

  @Test
  void a_trailer_of_another_length_or_without_its_zeros_is_refused_though_its_checksum_fits() {
    for (int at : new int[] {4, 12}) {
      byte[] bytes = trailer(value(5)).encode(5);
      bytes[at]++;
      LittleEndian.putInt(bytes, 16, Checksum.of(bytes, 0, 16) ^ FILE.mask(VALUE_AT + 5));

      assertRefused(() -> ValueFileTrailer.decode(bytes, FILE, VALUE_AT, 5));
    }
  }

  private static ValueFileTrailer trailer(byte[] value) {
    ValueFileTrailer trailer = new ValueFileTrailer(FILE, VALUE_AT);
    for (int from = 0; from < value.length; from += 65_536) {
      trailer.add(value, from, Math.min(65_536, value.length - from));
    }
    return trailer;
  }

  private static byte[] value(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void assertRefused(Reading reading) {
    assertThatExceptionOfType(FormatException.class).isThrownBy(reading::read);
  }

  /** Reads what may be damaged. */
  private interface Reading {

    void read() throws FormatException;
  }
}
