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
    assertThat(FileNames.mergedNumber(FileNames.merged(number))).hasValue(number);
    assertThat(FileNames.fileNumber(FileNames.merged(number))).hasValue(number);
    assertThat(FileNames.mergedNumber(FileNames.keys(number))).isEmpty();
    assertThat(FileNames.keysNumber(FileNames.merged(number))).isEmpty();
    assertThat(FileNames.isOfKeys(FileNames.keysTemporary(number))).isTrue();
    assertThat(FileNames.isOfKeys(FileNames.merged(number))).isTrue();
    assertThat(FileNames.isOfKeys(FileNames.segment(number))).isFalse();
  }

  @Test
  void names_have_nine_digits_at_least_so_that_they_sort_by_number() {
    assertThat(FileNames.segment(12)).isEqualTo("000000012.log");
    assertThat(FileNames.torn(12)).isEqualTo("000000012.torn");
    assertThat(FileNames.keys(12)).isEqualTo("000000012.keys");
    assertThat(FileNames.merged(12)).isEqualTo("000000012.merged");
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

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 34, 1_000_000_000_000L, Long.MAX_VALUE - 1, Long.MAX_VALUE})
  void the_sequence_number_of_a_snapshot_is_read_from_its_name(long sequence) {
    String name = FileNames.snapshot(sequence);
    String unfinished = FileNames.snapshotTemporary(sequence);

    assertThat(name).hasSize(26).startsWith("INDEX-").endsWith(Long.toString(sequence));
    assertThat(FileNames.snapshotSequence(name)).hasValue(sequence);
    assertThat(FileNames.isSnapshot(name)).isTrue();
    assertThat(FileNames.snapshotSequence(unfinished)).isEmpty();
    assertThat(FileNames.isSnapshot(unfinished)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "INDEX-",
        "INDEX-34",
        "INDEX-000000000000000000034",
        "INDEX-0000000000000000034",
        "INDEX-0000000000000000003x",
        "INDEX-x0000000000000000034",
        "INDEX_00000000000000000034",
        "INDEX-09223372036854775808",
        "INDEX-99999999999999999999",
        "INDEX-00000000000000000034.bak",
        "INDEX-34.tmp",
        "000000012.log.tmp",
        ".tmp"
      })
  void any_other_name_is_no_snapshot(String name) {
    assertThat(FileNames.snapshotSequence(name)).isEmpty();
    assertThat(FileNames.isSnapshot(name)).isFalse();
  }

  @Test
  void the_number_of_a_value_file_is_read_from_its_name() {
    assertThat(FileNames.valueNumber("000000013.val")).hasValue(13);
    assertThat(FileNames.fileNumber("000000013.val")).hasValue(13);
    assertThat(FileNames.valueNumber("000000013.log")).isEmpty();
    assertThat(FileNames.segmentNumber("999999999999999999.log"))
        .hasValue(999_999_999_999_999_999L);
    assertThat(FileNames.segmentNumber("1000000000000000000.log")).isEmpty();
  }
}
