package io.minikv.adapter.http;

import io.undertow.util.DateUtils;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dates as HTTP writes them (RFC 9110, 5.6.7): in seconds, in GMT. */
final class HttpDates {

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private HttpDates() {}

  static String format(Instant instant) {
    return FORMAT.format(instant);
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
