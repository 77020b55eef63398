package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class HttpDatesTest {

  private static final Instant END_OF_9999 = Instant.parse("9999-12-31T23:59:59Z");

  @Test
  void aDateIsWrittenAsTheStandardShowsIt() {
    assertThat(HttpDates.format(Instant.parse("1994-11-06T08:49:37.999Z")))
        .isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(HttpDates.format(Instant.EPOCH)).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
    assertThat(HttpDates.format(END_OF_9999)).isEqualTo("Fri, 31 Dec 9999 23:59:59 GMT");
  }

  @Test
  void anyDateIsWrittenAsTheFormatterOfTheJdkDoesAndReadBack() {
    DateTimeFormatter formatter =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    Duration step = Duration.parse("P97DT5H7M11.013S");
    for (Instant instant = Instant.EPOCH;
        instant.isBefore(END_OF_9999);
        instant = instant.plus(step)) {
      String text = HttpDates.format(instant);
      assertThat(text).isEqualTo(formatter.format(instant));
      assertThat(HttpDates.parse(text)).contains(instant.truncatedTo(ChronoUnit.SECONDS));
    }
  }
}
