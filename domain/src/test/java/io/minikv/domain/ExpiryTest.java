package io.minikv.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ExpiryTest {

  @Test
  void aTimeToLiveIsAtLeastAMillisecond() {
    assertThat(Expiry.after(Duration.ofMillis(1)))
        .isEqualTo(new Expiry.After(Duration.ofMillis(1)));
    for (Duration tooShort :
        new Duration[] {Duration.ZERO, Duration.ofNanos(999_999), Duration.ofDays(-1)}) {
      assertThatThrownBy(() -> Expiry.after(tooShort))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(tooShort.toString());
    }
  }

  @Test
  void aTimeToLiveIsAtMostAHundredYears() {
    Duration longest = Duration.ofDays(36_525);
    assertThat(Expiry.after(longest)).isEqualTo(new Expiry.After(longest));
    assertThatThrownBy(() -> Expiry.after(longest.plusNanos(1)))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> Expiry.after(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void anInstantLiesBetween1970And2200() {
    Instant latest = Instant.parse("2200-01-01T00:00:00Z");
    assertThat(Expiry.at(Instant.EPOCH)).isEqualTo(new Expiry.At(Instant.EPOCH));
    assertThat(Expiry.at(latest)).isEqualTo(new Expiry.At(latest));
    for (Instant outside :
        new Instant[] {
          Instant.EPOCH.minusNanos(1), latest.plusNanos(1), Instant.MAX, Instant.MIN
        }) {
      assertThatThrownBy(() -> Expiry.at(outside)).isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void anEntryThatDoesNotExpireHasNoInstant() {
    EntryInfo info = info(EntryInfo.NEVER_MILLIS);
    assertThat(info.expiresAt()).isEmpty();
    assertThat(info(1_000).expiresAt()).contains(Instant.ofEpochSecond(1));
    assertThat(info.writtenAt()).isEqualTo(Instant.ofEpochMilli(7));
  }

  private static EntryInfo info(long expiresAtMillis) {
    return new EntryInfo(Key.of("a"), new Version(1), 0, Attributes.none(), 7, expiresAtMillis);
  }
}
