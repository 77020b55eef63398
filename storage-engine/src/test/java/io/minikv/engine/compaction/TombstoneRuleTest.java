package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a tombstone may be left out of a compaction, and whether it still may when that is over. */
class TombstoneRuleTest {

  private static final Key KEY = Key.of("deleted");
  private static final long HASH = 42;

  private final Segments segments = new Segments();
  private final List<Long> asked = new ArrayList<>();
  private Segment empty;
  private Segment older;
  private Segment newer;

  @BeforeEach
  void createSegments() throws IOException {
    empty = segments.create(1, 0, 0);
    older = segments.create(2, 10, 20);
    newer = segments.create(3, 50, 60);
  }

  @Test
  void it_goes_when_no_other_segment_holds_an_older_record_of_its_key() throws IOException {
    TombstoneRule rule = rule(false);

    assertThat(rule.mayGo(KEY, HASH, 30)).isTrue();
    assertThat(rule.blockers()).isEmpty();
    assertThat(asked).as("those with older records of any key").containsExactly(2L);
  }

  @Test
  void it_stays_because_of_a_segment_that_may_hold_one() throws IOException {
    TombstoneRule rule = rule(true);

    assertThat(rule.mayGo(KEY, HASH, 30)).isFalse();
    assertThat(rule.blockers()).containsExactly(2L);
  }

  @Test
  void a_segment_whose_lowest_record_has_its_version_has_no_older_one() throws IOException {
    TombstoneRule rule = rule(true);

    assertThat(rule.mayGo(KEY, HASH, 10)).isTrue();
    assertThat(rule.mayGo(KEY, HASH, 11)).isFalse();
  }

  @Test
  void what_was_decided_holds_while_the_other_segments_are_the_same() throws IOException {
    TombstoneRule rule = rule(false);
    rule.mayGo(KEY, HASH, 55);

    assertThat(rule.stillHolds(List.of(empty, older, newer))).isTrue();
    assertThat(rule.stillHolds(List.of(newer))).isTrue();
  }

  @Test
  void what_was_decided_holds_no_more_when_a_segment_with_older_records_came() throws IOException {
    TombstoneRule rule = rule(false);
    rule.mayGo(KEY, HASH, 55);

    assertThat(rule.stillHolds(List.of(segments.create(4, 54, 54)))).isFalse();
    assertThat(rule.stillHolds(List.of(segments.create(5, 55, 70)))).isTrue();
    assertThat(rule.stillHolds(List.of(segments.create(6, 0, 0)))).isTrue();
  }

  @Test
  void what_was_decided_holds_no_more_when_a_segment_got_older_records() throws IOException {
    TombstoneRule rule = rule(false);
    rule.mayGo(KEY, HASH, 30);

    newer.coverSequence(29);

    assertThat(rule.stillHolds(List.of(older, newer))).isFalse();
  }

  @Test
  void nothing_that_stays_can_come_to_harm() throws IOException {
    TombstoneRule rule = rule(true);
    rule.mayGo(KEY, HASH, 30);

    assertThat(rule.stillHolds(List.of(segments.create(4, 5, 5)))).isTrue();
  }

  private TombstoneRule rule(boolean holdsOlder) {
    OlderRecords records =
        (segment, key, hash, version) -> {
          assertThat(key).isEqualTo(KEY);
          assertThat(hash).isEqualTo(HASH);
          asked.add(segment.fileNumber());
          return holdsOlder;
        };
    return new TombstoneRule(records, List.of(empty, older, newer));
  }
}
