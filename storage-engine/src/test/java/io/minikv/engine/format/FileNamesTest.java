package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 12, 999_999_999, 1_000_000_000, Integer.MAX_VALUE})
  void the_number_of_a_segment_is_read_from_its_name(long number) {
    assertThat(FileNames.segmentNumber(FileNames.segment(number))).hasValue(number);
    assertThat(FileNames.fileNumber(FileNames.segment(number))).hasValue(number);
    assertThat(FileNames.fileNumber(FileNames.torn(number))).hasValue(number);
    assertThat(FileNames.segmentNumber(FileNames.torn(number))).isEmpty();
    assertThat(FileNames.fileNumber(FileNames.keys(number))).hasValue(number);
    assertThat(FileNames.keysNumber(FileNames.keys(number))).hasValue(number);
    assertThat(FileNames.keysNumber(FileNames.keysTemporary(number))).hasValue(number);
    assertThat(FileNames.segmentNumber(FileNames.keys(number))).isEmpty();
    assertThat(FileNames.keysNumber(FileNames.segment(number))).isEmpty();
  }

  @Test
  void names_have_nine_digits_at_least_so_that_they_sort_by_number() {
    assertThat(FileNames.segment(12)).isEqualTo("000000012.log");
    assertThat(FileNames.torn(12)).isEqualTo("000000012.torn");
    assertThat(FileNames.keys(12)).isEqualTo("000000012.keys");
    assertThat(FileNames.segment(1_234_567_890)).isEqualTo("1234567890.log");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".log",
        "12.log",
        "00000012.log",
        "0000000012.log",
        "-00000012.log",
        "+00000012.log",
        "00000001２.log",
        "000000012.LOG",
        "000000012.log.gz",
        "000000012",
        "server.log",
        "9999999999999999999.log",
        "LOCK",
        "MANIFEST",
        "MANIFEST.tmp",
        "12.keys",
        "000000012.keys.bak"
      })
  void any_other_name_is_no_segment(String name) {
    assertThat(FileNames.segmentNumber(name)).isEmpty();
    assertThat(FileNames.fileNumber(name)).isEmpty();
  }
}
