package io.minikv.adapter.http;

import io.undertow.util.DateUtils;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dates as HTTP writes them (RFC 9110, 5.6.7): in seconds, in GMT. */
final class HttpDates {

  private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  private static final int LENGTH = "Sun, 06 Nov 1994 08:49:37 GMT".length();

  private HttpDates() {}

  /**
   * Put together by hand: every answer with a blob has one, and a formatter takes a microsecond.
   */
  static String format(Instant instant) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(LENGTH);
    text.append(DAYS.get(time.getDayOfWeek().getValue() - 1)).append(", ");
    appendTwoDigits(text, time.getDayOfMonth()).append(' ');
    text.append(MONTHS.get(time.getMonthValue() - 1)).append(' ');
    appendTwoDigits(text, time.getYear() / 100);
    appendTwoDigits(text, time.getYear() % 100).append(' ');
    appendTwoDigits(text, time.getHour()).append(':');
    appendTwoDigits(text, time.getMinute()).append(':');
    appendTwoDigits(text, time.getSecond()).append(" GMT");
    return text.toString();
  }

  private static StringBuilder appendTwoDigits(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }

  /**
   * The date in any of the three forms that HTTP knows; nothing when it is none: such a header is
   * to be ignored.
   */
  static Optional<Instant> parse(@Nullable String text) {
    Date date = text == null ? null : DateUtils.parseDate(text);
    return Optional.ofNullable(date).map(Date::toInstant);
  }
}
