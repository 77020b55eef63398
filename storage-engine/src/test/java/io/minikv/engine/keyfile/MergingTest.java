package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Key files are merged when scans have spent as much as that costs, and nothing is left behind. */
class MergingTest {

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ListedSegments listed = new ListedSegments(disk);
  private final Deque<Runnable> asked = new ArrayDeque<>();
  private final List<Segment> damaged = new ArrayList<>();
  private final MergedFiles merged = mergedFiles();

  // ---- when

  @Test
  void a_scan_of_one_file_spends_nothing() {
    merged.noteScan(1);

    assertThat(asked).isEmpty();
  }

  @Test
  void a_second_file_costs_a_scan_as_much_as_to_merge_32_entries() throws IOException {
    listed.add(16);
    listed.add(16);

    scan(2);

    assertThat(listed.merged()).hasSize(1);
  }

  @Test
  void files_are_not_merged_before_scans_have_spent_the_cost() throws IOException {
    listed.add(32);
    listed.add(32);

    scan(2);
    assertThat(listed.merged()).isEmpty();
    scan(2);
    assertThat(listed.merged()).hasSize(1);
  }

  @Test
  void what_scans_spent_pays_for_one_merge_only() throws IOException {
    listed.add(16);
    listed.add(16);
    scan(100);
    List<String> first = listed.merged();
    listed.add(64);
    listed.add(64);
    merged.noteChange();

    scan(2);

    assertThat(listed.merged()).isEqualTo(first);
  }

  @Test
  void it_takes_no_more_than_a_quarter_of_the_space_that_is_left() throws IOException {
    long bytes = 0;
    for (int i = 0; i < 2; i++) {
      bytes += listed.keyFile(listed.add(16)).length();
    }
    long used = listed.usedBytes();

    disk.setCapacity(used + 4 * bytes - 1);
    scan(100);
    assertThat(listed.merged()).isEmpty();

    disk.setCapacity(used + 4 * bytes);
    scan(100);
    assertThat(listed.merged()).hasSize(1);
  }

  @Test
  void scans_ask_again_when_there_is_one_segment_less() throws IOException {
    Segment covered = listed.add(16);
    listed.add(16);
    scan(2);
    addTooMuchToMergeSoon();

    covered.close();
    merged.noteScan(2);

    assertThat(asked).hasSize(1);
  }

  @Test
  void scans_ask_again_when_a_merged_file_turned_out_to_be_damaged() throws IOException {
    Segment covered = listed.add(16);
    listed.add(16);
    scan(2);
    addTooMuchToMergeSoon();

    merged.reportDamage(covering(covered).keys(), new IOException("cannot be read"));
    merged.noteScan(2);

    assertThat(asked).hasSize(1);
    assertThat(listed.merged()).isEmpty();
  }

  private void addTooMuchToMergeSoon() throws IOException {
    listed.add(200);
    listed.add(200);
    merged.noteChange();
    scan(2);
    merged.noteScan(2);
    assertThat(asked).isEmpty();
  }

  // ---- what it covers

  @Test
  void a_file_tells_nothing_to_views_from_before_its_newest_record() throws IOException {
    Segment first = listed.add(16);
    Segment second = listed.add(16);
    scan(2);

    assertThat(merged.covering(first, 32)).isNotNull();
    assertThat(merged.covering(second, 33)).isNotNull();
    assertThat(merged.covering(first, 31)).isNull();
  }

  @Test
  void a_segment_that_was_closed_is_not_covered_any_more() throws IOException {
    Segment first = listed.add(16);
    Segment second = listed.add(16);
    scan(2);

    first.close();

    assertThat(merged.covering(first, 99)).isNull();
    assertThat(merged.covering(second, 99)).isNotNull();
  }

  @Test
  void a_file_that_was_merged_again_goes() throws IOException {
    Segment first = listed.add(16);
    listed.add(16);
    scan(2);
    KeyCursor former = covering(first).keys().cursor();
    List<String> before = listed.merged();
    Segment third = listed.add(16);

    scan(100);

    assertThat(listed.merged()).hasSize(1).isNotEqualTo(before);
    MergedKeys latter = covering(first).keys();
    assertThat(covering(third).keys()).isSameAs(latter);
    assertThat(latter.segments()).hasSize(3);
    assertThat(merged.bytes()).isEqualTo(latter.length());
    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(former::first);
  }

  @Test
  void a_file_is_given_up_when_less_than_half_of_it_is_live() throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      segments.add(listed.add(i == 2 ? 10 : 20));
    }
    scan(100);
    assertThat(covering(segments.getFirst()).keys().entries()).isEqualTo(20);

    scanWhenLeft(segments.subList(1, 3)); // The newest ones: 10 of each.
    assertThat(listed.merged()).hasSize(1);
    scanWhenLeft(List.of(segments.get(1)));
    assertThat(listed.merged()).hasSize(1);
    scanWhenLeft(List.of(segments.getFirst()));
    assertThat(listed.merged()).isEmpty();
  }

  private void scanWhenLeft(List<Segment> segments) {
    listed.list(segments);
    merged.noteChange();
    scan(100);
  }

  @Test
  void segments_are_kept_while_they_are_merged_and_no_longer() throws IOException {
    List<Segment> segments = List.of(listed.add(16), listed.add(16));
    List<Segment> gone = new ArrayList<>();
    scan(2);

    for (Segment segment : segments) {
      segment.retire(() -> gone.add(segment));
    }

    assertThat(gone).isEqualTo(segments);
  }

  @Test
  void nothing_is_merged_with_a_segment_that_is_going() throws IOException {
    listed.add(16);
    Segment going = listed.add(16);
    going.retire(() -> {});

    scan(100);

    assertThat(listed.merged()).isEmpty();
  }

  // ---- damage, and the end

  @Test
  void a_damaged_key_file_is_told_of_and_nothing_is_left_of_the_merge() throws IOException {
    listed.add(16);
    Segment segment = listed.add(16);
    try (DiskFile file = disk.open(FileNames.keys(segment.fileNumber()), Disk.Access.READ_WRITE)) {
      file.write(KeyFileHeader.LENGTH + 9, ByteBuffer.wrap(new byte[] {99, 99}));
    }

    scan(100);

    assertThat(damaged).containsExactly(segment);
    assertThat(listed.merged()).isEmpty();
  }

  @Test
  void a_merge_ends_when_the_store_is_closed() throws IOException {
    listed.add(1500);
    listed.add(1500);
    stopWhenAMergedFileIsCreated();

    scan(1000);

    assertThat(listed.merged()).isEmpty();
    assertThat(merged.bytes()).isZero();
  }

  @Test
  void what_was_merged_before_the_end_is_not_used_any_more() throws IOException {
    Segment segment = listed.add(16);
    listed.add(16);
    stopWhenAMergedFileIsCreated();
    long used = listed.usedBytes();

    scan(2);

    assertThat(merged.covering(segment, 99)).isNull();
    disk.delete(listed.merged().getFirst());
    assertThat(listed.usedBytes()).isEqualTo(used);
  }

  private void stopWhenAMergedFileIsCreated() {
    disk.listen(
        new DiskListener() {
          @Override
          public void after(Operation operation) {
            if (operation.type() == OperationType.CREATE) {
              merged.stop();
            }
          }
        });
  }

  @Test
  void nothing_is_begun_after_the_end() throws IOException {
    listed.add(16);
    listed.add(16);
    merged.noteScan(2);

    merged.stop();
    runWhatWasAsked();
    merged.noteScan(100);

    assertThat(listed.merged()).isEmpty();
    assertThat(asked).isEmpty();
  }

  @Test
  void a_closed_store_reads_none() throws IOException {
    Segment segment = listed.add(16);
    listed.add(16);
    scan(2);
    KeyCursor cursor = covering(segment).keys().cursor();

    merged.close();

    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(cursor::first);
  }

  // ---- openings

  @Test
  void an_opening_takes_over_what_covers_two_segments_that_are_left() throws IOException {
    Segment first = listed.add(16);
    Segment second = listed.add(16);
    Segment third = listed.add(16);
    scan(100);
    listed.list(List.of(first, second));
    MergedFiles reopened = mergedFiles();

    reopened.begin(disk.list(), Map.of(1L, first, 2L, second));

    assertThat(reopened.covering(first, 99)).isNotNull();
    assertThat(reopened.covering(third, 99)).isNull();
    assertThat(listed.merged()).hasSize(1);
  }

  @Test
  void an_opening_removes_what_covers_one_segment_only() throws IOException {
    Segment first = listed.add(16);
    listed.add(16);
    long used = listed.usedBytes();
    scan(2);
    merged.close();
    listed.list(List.of(first));
    MergedFiles reopened = mergedFiles();

    reopened.begin(disk.list(), Map.of(1L, first));

    assertThat(reopened.covering(first, 99)).isNull();
    assertThat(listed.merged()).isEmpty();
    assertThat(listed.usedBytes()).isEqualTo(used);
  }

  @Test
  void an_opening_removes_what_covers_a_segment_that_is_written_again() throws IOException {
    Segment first = listed.add(16);
    Segment second = listed.add(16);
    listed.add(16);
    scan(100);
    MergedFiles reopened = mergedFiles();

    reopened.begin(disk.list(), Map.of(1L, first, 2L, second));

    assertThat(listed.merged()).isEmpty();
  }

  private MergedFiles mergedFiles() {
    return new MergedFiles(
        listed.directory(),
        task -> asked.add(task),
        listed::keyFiles,
        (source, problem) -> damaged.add(source.onlySegment()));
  }

  private void scan(int files) {
    merged.noteScan(files);
    runWhatWasAsked();
  }

  private void runWhatWasAsked() {
    while (!asked.isEmpty()) {
      asked.remove().run();
    }
  }

  private MergedFiles.Covered covering(Segment segment) {
    MergedFiles.Covered covered = merged.covering(segment, Long.MAX_VALUE);
    if (covered == null) {
      throw new AssertionError("not covered");
    }
    return covered;
  }
}
