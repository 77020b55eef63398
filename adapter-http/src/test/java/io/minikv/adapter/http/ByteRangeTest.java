package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  private static final Version VERSION = new Version(7);

  private static ByteRange parse(String range, long total) {
    return ByteRange.parse(range, null, VERSION, total);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,0",
    "bytes=0-9,0,9",
    "bytes=2-4,2,4",
    "bytes=9-9,9,9",
    "bytes=5-,5,9",
    "bytes=5-999,5,9",
    "bytes=-1,9,9",
    "bytes=-10,0,9",
    "bytes=-999,0,9",
    "BYTES=2-4,2,4"
  })
  void oneRangeIsAPart(String range, long first, long last) {
    assertThat(parse(range, 10)).isEqualTo(new ByteRange.Part(first, last));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0"})
  void aRangeOutsideCannotBeSatisfied(String range) {
    assertThat(parse(range, 10)).isInstanceOf(ByteRange.Unsatisfiable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-", "bytes=-5", "bytes=0-0"})
  void nothingHasNoPart(String range) {
    assertThat(parse(range, 0)).isInstanceOf(ByteRange.Unsatisfiable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=",
        "bytes=-",
        "bytes=4-2",
        "bytes=0-1,3-4",
        "items=0-1",
        "bytes=a-b",
        "nonsense",
        "bytes=0-99999999999999999999"
      })
  void whatIsMalformedOrMoreThanOneIsTheWhole(String range) {
    assertThat(parse(range, 10)).isInstanceOf(ByteRange.Whole.class);
  }

  @Test
  void ifRangeAsksForTheWholeWhenTheVersionIsAnother() {
    assertThat(ByteRange.parse("bytes=0-1", "\"7\"", VERSION, 10))
        .isInstanceOf(ByteRange.Part.class);
    assertThat(ByteRange.parse("bytes=0-1", "\"8\"", VERSION, 10))
        .isInstanceOf(ByteRange.Whole.class);
    assertThat(ByteRange.parse("bytes=0-1", "W/\"7\"", VERSION, 10))
        .isInstanceOf(ByteRange.Whole.class);
    assertThat(ByteRange.parse("bytes=0-1", "Mon, 06 May 2030 07:08:09 GMT", VERSION, 10))
        .isInstanceOf(ByteRange.Whole.class);
  }
}
