package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.Version;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How headers become conditions of writes. Reads are tested over HTTP, in {@link BlobTest}. */
class PreconditionsTest {

  private static final Version SEVEN = new Version(7);
  private static final Version EIGHT = new Version(8);

  private final HeaderMap headers = new HeaderMap();

  private Condition condition() {
    Instant written = Instant.parse("2030-05-06T07:08:09.750Z");
    EntryInfo info =
        new EntryInfo(
            Key.of("a"), SEVEN, 0, Attributes.none(), written.toEpochMilli(), Long.MAX_VALUE);
    return Preconditions.of(headers).forWrite(() -> Optional.of(info));
  }

  private void with(String name, String value) {
    headers.add(HttpString.tryFromString(name), value);
  }

  @Test
  void withoutHeadersEveryWriteHappens() {
    assertThat(condition()).isEqualTo(Condition.always());
  }

  @Test
  void ifMatchNamesTheVersionsThatAreAllowed() {
    with("If-Match", "\"7\", \"8\"");
    assertThat(condition()).isEqualTo(Condition.versionAnyOf(Set.of(SEVEN, EIGHT)));
  }

  @Test
  void ifMatchMayStandInSeveralLines() {
    with("If-Match", "\"7\"");
    with("If-Match", "\"8\"");
    assertThat(condition()).isEqualTo(Condition.versionAnyOf(Set.of(SEVEN, EIGHT)));
  }

  @Test
  void tagsThatNoVersionCanHaveMatchNothing() {
    with("If-Match", "\"07\", \"+7\", \"x,y\", \"\", \"0\", \"99999999999999999999\", W/\"7\"");
    assertThat(condition()).isEqualTo(Condition.versionAnyOf(Set.of()));
  }

  @Test
  void aStarAsksForPresenceOrAbsence() {
    with("If-Match", "*");
    assertThat(condition()).isEqualTo(Condition.present());
    headers.clear();
    with("If-None-Match", " * ");
    assertThat(condition()).isEqualTo(Condition.absent());
  }

  @Test
  void ifNoneMatchTakesWeakTagsToo() {
    with("If-None-Match", "W/\"7\",\"8\"");
    assertThat(condition()).isEqualTo(Condition.versionNoneOf(Set.of(SEVEN, EIGHT)));
  }

  @Test
  void bothHeadersAllowWhatOneAllowsAndTheOtherDoesNotExclude() {
    with("If-Match", "\"7\", \"8\"");
    with("If-None-Match", "\"8\"");
    assertThat(condition()).isEqualTo(Condition.versionAnyOf(Set.of(SEVEN)));
  }

  @Test
  void presentAndAbsentAtOnceNeverHolds() {
    with("If-Match", "*");
    with("If-None-Match", "*");
    assertThat(condition()).isEqualTo(Condition.versionAnyOf(Set.of()));
  }

  @Test
  void anUnmodifiedBlobIsHeldToTheVersionThatWasFound() {
    with("If-Unmodified-Since", "Mon, 06 May 2030 07:08:09 GMT");
    assertThat(condition()).isEqualTo(Condition.versionIs(SEVEN));
  }

  @Test
  void aModifiedBlobIsNotWritten() {
    with("If-Unmodified-Since", "Mon, 06 May 2030 07:08:08 GMT");
    assertThat(condition()).isEqualTo(Condition.versionAnyOf(Set.of()));
  }

  @Test
  void aDateThatIsNoneIsIgnored() {
    with("If-Unmodified-Since", "yesterday");
    assertThat(condition()).isEqualTo(Condition.always());
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "\"7", "\"7\" \"8\"", "w/\"7\"", "\"7\", *", ",", ""})
  void aMalformedListIsRefused(String list) {
    with("If-Match", list);
    assertThatThrownBy(this::condition)
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("double quotes");
  }
}
