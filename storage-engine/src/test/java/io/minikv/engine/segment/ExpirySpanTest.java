package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.EntryInfo;
import org.junit.jupiter.api.Test;

class ExpirySpanTest {

  private final ExpirySpan span = new ExpirySpan();

  @Test
  void without_records_nothing_has_expired() {
    assertThat(span.expiredBytes(Long.MAX_VALUE)).isZero();
  }

  @Test
  void what_never_expires_does_not_count() {
    span.add(EntryInfo.NEVER_MILLIS, 100);

    assertThat(span.expiredBytes(Long.MAX_VALUE)).isZero();
  }

  @Test
  void a_record_expires_at_its_moment() {
    span.add(1_000, 100);

    assertThat(span.expiredBytes(999)).isZero();
    assertThat(span.expiredBytes(1_000)).isEqualTo(100);
  }

  @Test
  void between_the_first_and_the_last_moment_bytes_expire_evenly() {
    span.add(3_000, 60);
    span.add(1_000, 40);
    span.add(2_000, 100);

    assertThat(span.expiredBytes(999)).isZero();
    assertThat(span.expiredBytes(1_500)).isEqualTo(50);
    assertThat(span.expiredBytes(2_500)).isEqualTo(150);
    assertThat(span.expiredBytes(3_000)).isEqualTo(200);
    assertThat(span.expiredBytes(3_001)).isEqualTo(200);
  }
}
