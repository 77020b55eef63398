package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Attributes;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the record of a writer concludes from what a power cut left. */
class WriterRecordTest {

  private static final Key KEY = Key.of("key");

  private final WriterRecord written = new WriterRecord();

  @Test
  void what_was_acknowledged_last_is_there_when_it_is_found() {
    put("1", 5);
    put("2", 7);

    assertThat(written.judge(holding("2", 7)))
        .contains(new WriterRecord.Outcome(0, 7, Long.MAX_VALUE));
  }

  @Test
  void what_came_after_the_found_state_is_lost() {
    put("1", 5);
    put("2", 7);
    put("3", 8);

    assertThat(written.judge(holding("1", 5))).contains(new WriterRecord.Outcome(2, 5, 7));
  }

  @Test
  void what_never_was_is_no_outcome() {
    put("1", 5);

    assertThat(written.judge(holding("2", 7))).isEmpty();
    assertThat(written.judge(holding("1", 6))).isEmpty();
  }

  @Test
  void a_write_in_flight_may_be_there() {
    put("1", 5);
    written.begin(List.of(Mutation.Put.of(KEY, Value.of("2"))));

    assertThat(written.judge(holding("2", 6)))
        .contains(new WriterRecord.Outcome(0, 5, Long.MAX_VALUE));
  }

  @Test
  void of_states_that_look_the_same_as_much_may_be_there_as_not() {
    put("1", 5);
    delete(6);
    put("2", 7);

    assertThat(written.judge(nothing())).contains(new WriterRecord.Outcome(1, 0, 7));
  }

  @Test
  void a_delete_in_flight_was_taken_for_the_proof_of_the_write_before_it() {
    put("1", 5);
    written.begin(List.of(Mutation.Delete.of(KEY)));

    assertThat(written.judge(nothing())).contains(new WriterRecord.Outcome(0, 0, Long.MAX_VALUE));
  }

  @Test
  void what_was_durable_stays() {
    put("1", 5);
    put("2", 7);
    written.durable();

    assertThat(written.judge(holding("1", 5))).isEmpty();
    assertThat(written.judge(holding("2", 7))).isPresent();
  }

  private void put(String value, long version) {
    written.begin(List.of(Mutation.Put.of(KEY, Value.of(value))));
    written.acknowledged(Optional.of(new Version(version)));
  }

  private void delete(long version) {
    written.begin(List.of(Mutation.Delete.of(KEY)));
    written.acknowledged(Optional.of(new Version(version)));
  }

  private static SortedMap<Key, Stored> nothing() {
    return new TreeMap<>();
  }

  private static SortedMap<Key, Stored> holding(String value, long version) {
    SortedMap<Key, Stored> content = new TreeMap<>();
    content.put(
        KEY, new Stored(Value.of(value), Attributes.none(), EntryInfo.NEVER_MILLIS, version));
    return content;
  }
}
