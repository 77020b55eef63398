package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.keyfile.WrittenSegment.Told;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Any key is found where it is, or its neighbours, in key files and in memory. */
class KeySearchTest {

  private final WrittenSegment written;

  KeySearchTest() throws IOException {
    written = new WrittenSegment(new SimulatedDisk());
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 10", "600, 10", "60, 1700", "3, 60000", "9, 60000"})
  void a_key_that_is_there_is_found_from_both_sides(int keys, int keyLength) throws IOException {
    write(keys, keyLength);
    for (KeyRun run : runs()) {
      for (int i = 0; i < keys; i++) {
        byte[] key = key(i, keyLength, "").toByteArray();
        assertThat(found(run, true, key, true)).isEqualTo(2L * i + 2);
        assertThat(found(run, true, key, false)).isEqualTo(2L * i + 1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 10", "600, 10", "60, 1700", "3, 60000", "9, 60000"})
  void a_key_that_is_not_there_leads_to_its_neighbours(int keys, int keyLength) throws IOException {
    write(keys, keyLength);
    for (KeyRun run : runs()) {
      for (int i = 0; i < keys; i++) {
        byte[] behind = key(i, keyLength, "+").toByteArray();
        assertThat(found(run, i + 1 < keys, behind, true)).isEqualTo(i + 1 < keys ? 2L * i + 4 : 0);
        assertThat(found(run, true, behind, false)).isEqualTo(2L * i + 1);
      }
      byte[] belowAll = {1};
      assertThat(found(run, true, belowAll, true)).isEqualTo(2);
      assertThat(found(run, false, belowAll, false)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1700})
  void a_run_knows_its_first_and_its_last_key(int keyLength) throws IOException {
    write(40, keyLength);
    for (KeyRun run : runs()) {
      assertThat(run.first()).isEqualTo(key(0, keyLength, ""));
      assertThat(run.last()).isEqualTo(key(39, keyLength, ""));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_run_without_entries_has_no_position(boolean inFile) throws IOException {
    KeyRun run = inFile ? written.withKeyFile() : SortedRun.EMPTY;
    KeyCursor cursor = run.cursor();

    assertThat(run.entries()).isZero();
    assertThat(cursor.first()).isFalse();
    assertThat(cursor.last()).isFalse();
    assertThat(cursor.seek(new byte[] {1})).isFalse();
    assertThat(cursor.seekLast(new byte[] {1})).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 12, 13, 100, 1000})
  void keys_in_memory_come_in_order_however_they_were_written(int keys) throws IOException {
    for (int i = 0; i < keys; i++) {
      int number = (i * 7919) % 1009;
      written.put(Key.of("k" + "x".repeat(number % 11) + number), 1);
      written.delete(Key.of("k" + number % 5));
    }

    SortedRun whole = written.sorted();

    assertThat(WrittenSegment.forwards(whole)).isEqualTo(written.inOrder());
    assertThat(WrittenSegment.backwards(whole)).isEqualTo(written.inOrder().reversed());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 40})
  void a_growing_segment_has_few_runs_each_several_times_as_large_as_the_next(int step)
      throws IOException {
    SegmentKeys keys = new SegmentKeys(written.segment());
    for (int round = 0; round < 60; round++) {
      write(step, 10);
      List<SortedRun> runs = keys.runs(written.segment().end());

      List<Told> told = new ArrayList<>();
      for (SortedRun run : runs) {
        told.addAll(WrittenSegment.forwards(run));
      }
      assertThat(told).containsExactlyInAnyOrderElementsOf(written.inOrder());
      for (int i = 1; i < runs.size(); i++) {
        assertThat(runs.get(i - 1).entries()).isGreaterThanOrEqualTo(4 * runs.get(i).entries());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void a_run_four_times_as_large_as_what_was_written_since_is_left_alone(int earlier)
      throws IOException {
    SegmentKeys keys = new SegmentKeys(written.segment());
    write(earlier, 10);
    List<SortedRun> before = keys.runs(written.segment().end());
    write(1, 10);

    List<SortedRun> after = keys.runs(written.segment().end());

    assertThat(after).hasSize(2).startsWith(before.getFirst());
    assertThat(keys.runs(written.segment().end())).isEqualTo(after);
  }

  /** Of each key two versions. */
  private void write(int keys, int keyLength) throws IOException {
    for (int i = 0; i < keys; i++) {
      written.put(key(i, keyLength, ""), 3);
      written.put(key(i, keyLength, ""), 4);
    }
  }

  private static Key key(int number, int keyLength, String suffix) {
    return Key.of("x".repeat(keyLength - 6) + "%05d".formatted(number) + suffix);
  }

  private List<KeyRun> runs() throws IOException {
    return List.of(written.sorted(), written.withKeyFile());
  }

  /** The sequence number of the entry that is found, if one is expected; else 0. */
  private static long found(KeyRun run, boolean expected, byte[] key, boolean first)
      throws IOException {
    KeyCursor cursor = run.cursor();
    boolean there = first ? cursor.seek(key) : cursor.seekLast(key);
    assertThat(there).isEqualTo(expected);
    return there ? cursor.entry().sequence() : 0;
  }
}
