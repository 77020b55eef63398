package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {

  private static final List<String> OFFERED = List.of("application/json", "text/plain");

  @Test
  void withoutTheHeaderTheServerChooses() {
    assertThat(MediaTypes.choose(null, OFFERED)).contains("application/json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*                                         | application/json",
        "text/plain                                  | text/plain",
        "text/plain;version=0.0.4;q=0.5, */*;q=0.1   | text/plain",
        "application/json;q=0.2, text/*;q=0.9        | text/plain",
        "text/*, application/json                    | application/json",
        "*/*, text/plain                             | text/plain",
        "text/plain, application/json                | application/json",
        "text/plain;a=1;q=0.2, application/json;q=0.5, text/plain;a=2 | text/plain",
        "TEXT/PLAIN                                  | text/plain",
        "application/json;q=0, */*                   | text/plain",
      })
  void theClientsFavouriteIsChosen(String accept, String chosen) {
    assertThat(MediaTypes.choose(List.of(accept), OFFERED)).contains(chosen);
  }

  @ParameterizedTest
  @CsvSource({"image/png", "application/json;q=0", "*/*;q=0", "application/json;q=x"})
  void nothingIsChosenWhenNothingIsAccepted(String accept) {
    assertThat(MediaTypes.choose(List.of(accept), OFFERED)).isEmpty();
  }
}
