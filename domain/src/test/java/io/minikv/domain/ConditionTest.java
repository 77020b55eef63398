package io.minikv.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConditionTest {

  private static final Optional<Version> ABSENT = Optional.empty();
  private static final Version ONE = new Version(1);
  private static final Version TWO = new Version(2);

  @Test
  void alwaysHolds() {
    assertThat(Condition.always().isMetBy(ABSENT)).isTrue();
    assertThat(Condition.always().isMetBy(Optional.of(ONE))).isTrue();
  }

  @Test
  void absentHoldsForAbsentKeys() {
    assertThat(Condition.absent().isMetBy(ABSENT)).isTrue();
    assertThat(Condition.absent().isMetBy(Optional.of(ONE))).isFalse();
  }

  @Test
  void presentHoldsForAnyVersion() {
    assertThat(Condition.present().isMetBy(ABSENT)).isFalse();
    assertThat(Condition.present().isMetBy(Optional.of(ONE))).isTrue();
  }

  @Test
  void versionIsHoldsForThatVersion() {
    Condition condition = Condition.versionIs(ONE);
    assertThat(condition.isMetBy(Optional.of(ONE))).isTrue();
    assertThat(condition.isMetBy(Optional.of(TWO))).isFalse();
    assertThat(condition.isMetBy(ABSENT)).isFalse();
  }

  @Test
  void versionAnyOfHoldsForOneOfThem() {
    Condition condition = Condition.versionAnyOf(Set.of(ONE, TWO));
    assertThat(condition.isMetBy(Optional.of(TWO))).isTrue();
    assertThat(condition.isMetBy(Optional.of(new Version(3)))).isFalse();
    assertThat(condition.isMetBy(ABSENT)).isFalse();
  }

  @Test
  void versionAnyOfNoVersionsNeverHolds() {
    Condition condition = Condition.versionAnyOf(Set.of());
    assertThat(condition.isMetBy(ABSENT)).isFalse();
    assertThat(condition.isMetBy(Optional.of(ONE))).isFalse();
  }

  @Test
  void versionNoneOfHoldsForAbsentKeysAndOtherVersions() {
    Condition condition = Condition.versionNoneOf(Set.of(ONE));
    assertThat(condition.isMetBy(ABSENT)).isTrue();
    assertThat(condition.isMetBy(Optional.of(TWO))).isTrue();
    assertThat(condition.isMetBy(Optional.of(ONE))).isFalse();
  }

  @Test
  void theVersionsDoNotChangeWithTheSetThatTheyCameFrom() {
    Set<Version> versions = new HashSet<>(Set.of(ONE));
    Condition any = Condition.versionAnyOf(versions);
    Condition none = Condition.versionNoneOf(versions);
    versions.clear();
    assertThat(any.isMetBy(Optional.of(ONE))).isTrue();
    assertThat(none.isMetBy(Optional.of(ONE))).isFalse();
  }

  @Test
  void aRefusalSaysWhatWasExpectedAndWhatIsThere() {
    Key key = Key.of("a\0");
    ConditionFailedException refusal =
        new ConditionFailedException(key, Condition.absent(), Optional.of(TWO));
    assertThat(refusal).hasMessage("The key a\\x00 should have no entry, but has version 2.");
    assertThat(refusal.key()).isEqualTo(key);
    assertThat(refusal.current()).contains(TWO);
    assertThat(new ConditionFailedException(key, Condition.versionIs(ONE), ABSENT))
        .hasMessageContaining("[1]")
        .hasMessageContaining("but has no entry");
  }

  @Test
  void versionsBeginAtOneAndAreOrderedByNumber() {
    assertThatThrownBy(() -> new Version(0)).isInstanceOf(InvalidRequestException.class);
    assertThat(ONE).isLessThan(TWO).hasToString("1");
  }
}
