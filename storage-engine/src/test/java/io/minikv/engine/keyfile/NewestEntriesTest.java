package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.MergedSegment;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A merge leaves the newest record of each key, and a file that holds those can be read. */
class NewestEntriesTest {

  private final SimulatedDisk disk = new SimulatedDisk();
  private final WrittenSegment older;
  private final WrittenSegment newer;

  NewestEntriesTest() throws IOException {
    older = new WrittenSegment(disk, 1, 0);
    newer = new WrittenSegment(disk, 2, 100);
  }

  @Test
  void of_each_key_the_newest_record_of_any_segment_is_left() throws IOException {
    older.put(Key.of("both-same-start"), 1);
    older.put(Key.of("older"), 1);
    older.put(Key.of("older"), 2);
    newer.put(Key.of("both-same-start"), 3);
    newer.put(Key.of("both-same-start-but-longer"), 3);
    newer.delete(Key.of("newer"));

    NewestEntries entries = entries(older, newer);

    assertThat(taken(entries))
        .containsExactly(
            "both-same-start@101 in 1",
            "both-same-start-but-longer@102 in 1",
            "newer@103 in 1",
            "older@3 in 0");
    assertThat(entries.list())
        .containsExactly(
            new MergedSegment(1, older.segment().end(), 1),
            new MergedSegment(2, newer.segment().end(), 3));
  }

  @Test
  void the_order_of_the_runs_does_not_matter() throws IOException {
    older.put(Key.of("k"), 1);
    newer.put(Key.of("k"), 1);

    assertThat(taken(entries(newer, older))).containsExactly("k@101 in 0");
    assertThat(taken(entries(older, newer))).containsExactly("k@101 in 1");
  }

  @Test
  void runs_without_entries_add_nothing() throws IOException {
    newer.put(Key.of("k"), 1);

    assertThat(taken(entries(older, newer))).containsExactly("k@101 in 1");
  }

  @Test
  void a_merge_ends_within_1024_entries_when_the_store_is_closed() throws IOException {
    for (int i = 0; i < 1024; i++) {
      older.put(ListedSegments.key(i), 1);
    }
    NewestEntries entries = new NewestEntries(List.of(older.segment()), () -> true);
    entries.add(source(older));
    for (int i = 0; i < 1023; i++) {
      assertThat(entries.next()).isNotNull();
    }

    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(entries::next);
  }

  @Test
  void a_run_of_a_segment_that_is_not_listed_is_refused() throws IOException {
    older.put(Key.of("k"), 1);
    NewestEntries entries = new NewestEntries(List.of(newer.segment()), () -> false);
    entries.add(source(older));

    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(entries::next);
  }

  @Test
  void a_source_passes_over_records_of_segments_that_do_not_matter() throws IOException {
    for (int i = 0; i < 50; i++) {
      (i % 5 < 3 ? older : newer).put(ListedSegments.key(i), 1);
    }
    MergedKeys keys = mergedFile();

    RunSource forwards = new RunSource(new Segment[] {null, newer.segment()}, keys, true);
    assertThat(forwards.begin()).isTrue();
    assertThat(told(forwards)).hasSize(20).startsWith("key-00003", "key-00004", "key-00008");
    assertThat(forwards.begin(ListedSegments.key(10).toByteArray(), true)).isTrue();
    assertThat(forwards.entry().key()).isEqualTo(ListedSegments.key(13));

    RunSource backwards = new RunSource(new Segment[] {older.segment(), null}, keys, false);
    assertThat(backwards.begin()).isTrue();
    assertThat(told(backwards)).hasSize(30).startsWith("key-00047", "key-00046", "key-00045");
    assertThat(backwards.begin(ListedSegments.key(2).toByteArray(), false)).isTrue();
    assertThat(backwards.entry().key()).isEqualTo(ListedSegments.key(1));

    RunSource none = new RunSource(new Segment[] {null, null}, keys, true);
    assertThat(none.begin()).isFalse();
  }

  @Test
  void a_merged_file_stays_readable_until_its_last_reader_has_gone() throws IOException {
    older.put(Key.of("k"), 1);
    MergedKeys keys = mergedFile();
    assertThat(keys.fileNumber()).isEqualTo(9);
    assertThat(keys.name()).isEqualTo(FileNames.merged(9));
    assertThat(keys.pin()).isTrue();
    assertThat(keys.pin()).isTrue();

    keys.retire();

    assertThat(keys.pin()).isFalse();
    assertThat(keys.cursor().first()).isTrue();
    keys.unpin();
    assertThat(keys.cursor().first()).isTrue();
    keys.unpin();
    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(() -> keys.cursor().first());
  }

  @Test
  void a_merged_file_that_nobody_reads_is_closed_at_once() throws IOException {
    older.put(Key.of("k"), 1);
    MergedKeys keys = mergedFile();
    assertThat(keys.pin()).isTrue();
    keys.unpin();
    assertThat(keys.cursor().first()).isTrue();

    keys.retire();

    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(() -> keys.cursor().first());
  }

  private MergedKeys mergedFile() throws IOException {
    KeyFileWriter.writeMerged(
        disk, new FileIdentity(WrittenSegment.STORE, 9), entries(older, newer));
    return MergedKeys.open(disk, WrittenSegment.STORE, 9);
  }

  private static NewestEntries entries(WrittenSegment... segments) throws IOException {
    List<Segment> all = new ArrayList<>();
    for (WrittenSegment each : segments) {
      all.add(each.segment());
    }
    NewestEntries entries = new NewestEntries(all, () -> false);
    for (WrittenSegment each : segments) {
      entries.add(source(each));
    }
    return entries;
  }

  private static RunSource source(WrittenSegment written) throws IOException {
    List<SortedRun> runs = new SegmentKeys(written.segment()).runs(written.segment().end());
    KeyRun run = runs.isEmpty() ? SortedRun.EMPTY : runs.getFirst();
    return new RunSource(written.segment(), run, true);
  }

  private static List<String> taken(NewestEntries entries) throws IOException {
    List<String> taken = new ArrayList<>();
    for (KeyEntry entry = entries.next(); entry != null; entry = entries.next()) {
      taken.add(entry.key().utf8() + "@" + entry.sequence() + " in " + entry.place());
    }
    return taken;
  }

  private static List<String> told(RunSource source) throws IOException {
    List<String> told = new ArrayList<>();
    do {
      told.add(source.entry().key().utf8());
    } while (source.move());
    return told;
  }
}
