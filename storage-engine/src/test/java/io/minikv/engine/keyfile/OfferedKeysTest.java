package io.minikv.engine.keyfile;

import static io.minikv.engine.keyfile.WrittenSegment.HASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.FilterStatistics;
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
import org.junit.jupiter.api.Test;

/** What is told of the keys of segments, with and without key files. */
class OfferedKeysTest {

  private static final Key ABSENT = Key.of("absent");

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ListedSegments listed = new ListedSegments(disk);
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Deque<Runnable> merges = new ArrayDeque<>();
  private final List<Runnable> atEndOfView = new ArrayList<>();
  private final KeyFiles files =
      new KeyFiles(
          listed.directory(), HASH, 0.01, task -> tasks.add(task), task -> merges.add(task));

  // ---- older records

  @Test
  void a_segment_without_a_key_file_may_hold_anything_older() throws IOException {
    Segment segment = listed.add(5);

    assertThat(mayHoldOlder(segment, ABSENT, 6)).isTrue();
    assertThat(files.filterStatistics()).isEqualTo(new FilterStatistics(0, 0));
  }

  @Test
  void a_segment_that_began_later_holds_nothing_older() throws IOException {
    listed.add(5);
    Segment segment = listed.add(5);

    assertThat(mayHoldOlder(segment, ABSENT, 6)).isFalse();
    assertThat(mayHoldOlder(segment, ABSENT, 5)).isFalse();
    assertThat(mayHoldOlder(segment, ABSENT, 7)).isTrue();
    assertThat(files.filterStatistics()).isEqualTo(new FilterStatistics(0, 0));
  }

  @Test
  void a_key_file_tells_what_is_older() throws IOException {
    Segment segment = complete(5);

    assertThat(mayHoldOlder(segment, ListedSegments.key(2), 4)).isTrue();
    assertThat(mayHoldOlder(segment, ListedSegments.key(2), 3)).isFalse();
  }

  @Test
  void filters_spare_looks_for_keys_that_are_not_there() throws IOException {
    Segment segment = complete(5);

    assertThat(mayHoldOlder(segment, ListedSegments.key(2), 3)).isFalse();
    assertThat(files.filterStatistics()).isEqualTo(new FilterStatistics(1, 0));
    assertThat(mayHoldOlder(segment, ABSENT, 99)).isFalse();
    assertThat(files.filterStatistics()).isEqualTo(new FilterStatistics(2, 1));
  }

  @Test
  void a_key_file_that_is_damaged_or_closed_may_hold_anything_older() throws IOException {
    Segment segment = complete(5);
    damage(segment);
    assertThat(mayHoldOlder(segment, ListedSegments.key(2), 3)).isTrue();
    run(tasks);
    assertThat(mayHoldOlder(segment, ListedSegments.key(2), 3)).isFalse();

    fileOf(segment).close();

    assertThat(mayHoldOlder(segment, ABSENT, 99)).isTrue();
  }

  private boolean mayHoldOlder(Segment segment, Key key, long version) {
    byte[] bytes = key.toByteArray();
    return files.mayHoldOlder(segment, key, HASH.hash(bytes, 0, bytes.length), version);
  }

  // ---- key files

  @Test
  void only_a_complete_segment_has_a_key_file() throws IOException {
    Segment segment = listed.add(5);
    assertThat(files.file(segment)).isNull();
    assertThat(files.bytes()).isZero();

    files.complete(segment);

    assertThat(fileOf(segment).entries()).isEqualTo(5);
    assertThat(fileOf(segment)).isSameAs(fileOf(segment));
    assertThat(files.bytes()).isEqualTo(listed.keyFile(segment).length());
  }

  @Test
  void a_missing_key_file_is_made_in_the_background_and_durable_then() throws IOException {
    Segment segment = listed.add(5);
    disk.delete(FileNames.keys(segment.fileNumber()));
    List<OperationType> operations = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void after(Operation operation) {
            operations.add(operation.type());
          }
        });

    files.complete(segment);
    assertThat(files.file(segment)).isNull();
    run(tasks);

    assertThat(fileOf(segment).entries()).isEqualTo(5);
    assertThat(operations)
        .containsSubsequence(
            OperationType.CREATE,
            OperationType.WRITE,
            OperationType.FORCE,
            OperationType.RENAME,
            OperationType.FORCE_DIRECTORY);
  }

  @Test
  void a_segment_is_kept_while_its_key_file_is_made_and_no_longer() throws IOException {
    Segment segment = listed.add(5);
    disk.delete(FileNames.keys(segment.fileNumber()));
    files.complete(segment);
    run(tasks);
    List<Segment> gone = new ArrayList<>();

    segment.retire(() -> gone.add(segment));

    assertThat(gone).containsExactly(segment);
  }

  @Test
  void no_key_file_is_made_of_a_segment_that_was_closed() throws IOException {
    Segment segment = listed.add(5);
    disk.delete(FileNames.keys(segment.fileNumber()));
    files.complete(segment);

    segment.close();
    run(tasks);

    assertThat(disk.exists(FileNames.keys(segment.fileNumber()))).isFalse();
    assertThat(disk.exists(FileNames.keysTemporary(segment.fileNumber()))).isFalse();
  }

  @Test
  void a_key_file_is_closed_with_its_segment() throws IOException {
    Segment segment = complete(5);
    KeyCursor cursor = fileOf(segment).cursor();

    segment.close();

    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(cursor::first);
    assertThat(files.bytes()).isZero();
  }

  @Test
  void a_key_file_that_is_made_while_its_segment_is_closed_is_closed_too() throws IOException {
    Segment segment = listed.add(5);
    String name = FileNames.keys(segment.fileNumber());
    listed.keyFile(segment).close();
    disk.delete(name);
    long used = listed.usedBytes();
    files.complete(segment);
    closeWhenRenamed(segment);

    run(tasks);

    disk.delete(name);
    assertThat(listed.usedBytes()).isEqualTo(used);
  }

  private void closeWhenRenamed(Segment segment) {
    disk.listen(
        new DiskListener() {
          @Override
          public void after(Operation operation) {
            if (operation.type() == OperationType.RENAME) {
              try {
                segment.close();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            }
          }
        });
  }

  @Test
  void a_damaged_key_file_stays_readable_until_its_segment_is_closed() throws IOException {
    Segment segment = complete(5);
    KeyFile before = fileOf(segment);
    RunSource source = new RunSource(segment, before, true);

    files.reportDamage(source, new IOException("cannot be read"));
    files.reportDamage(source, new IOException("cannot be read, again"));
    assertThat(files.file(segment)).isNull();
    assertThat(tasks).hasSize(1);
    run(tasks);

    assertThat(fileOf(segment)).isNotSameAs(before);
    assertThat(before.cursor().first()).isTrue();
    segment.close();
    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(before.cursor()::first);
  }

  @Test
  void damage_of_keys_in_memory_is_a_defect() throws IOException {
    Segment segment = listed.add(5);
    RunSource source = new RunSource(segment, files.runs(segment, segment.end()).getFirst(), true);

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> files.reportDamage(source, new IOException("cannot be read")));
  }

  @Test
  void an_opening_keeps_the_key_files_of_complete_segments_only() throws IOException {
    Segment segment = listed.add(5);
    String name = FileNames.keys(segment.fileNumber());
    for (String left :
        List.of(
            FileNames.keys(50),
            FileNames.keysTemporary(segment.fileNumber()),
            FileNames.keysTemporary(51))) {
      disk.create(left).close();
    }

    files.begin(List.of(segment));
    run(tasks);

    assertThat(disk.list()).containsExactlyInAnyOrder(segment.name(), name);
    assertThat(fileOf(segment).entries()).isEqualTo(5);
  }

  // ---- scans

  @Test
  void keys_of_a_segment_without_a_key_file_are_sorted_in_memory() throws IOException {
    Segment segment = listed.add(5);

    List<RunSource> sources = sources(segment);

    assertThat(sources).hasSize(1);
    assertThat(sources.getFirst().run()).isInstanceOf(SortedRun.class);
    assertThat(sources.getFirst().run().entries()).isEqualTo(5);
  }

  @Test
  void keys_in_memory_never_lead_to_a_merge() throws IOException {
    sources(listed.add(5), listed.add(5));

    assertThat(merges).isEmpty();
  }

  @Test
  void segments_that_were_merged_share_a_source_that_shows_those_of_the_view() throws IOException {
    Segment first = complete(10);
    Segment second = complete(5);
    Segment third = complete(2);
    assertThat(sources(first, second, third)).hasSize(3);
    run(merges);

    List<RunSource> sources = sources(first, third);

    assertThat(sources).hasSize(1);
    RunSource source = sources.getFirst();
    List<Segment> told = new ArrayList<>();
    for (boolean there = source.begin(); there; there = source.move()) {
      told.add(source.segment());
    }
    assertThat(told)
        .startsWith(third, third, first)
        .hasSize(7)
        .doesNotContain(second)
        .endsWith(first);
  }

  @Test
  void a_merged_file_and_another_one_are_two_to_a_scan() throws IOException {
    Segment first = complete(5);
    Segment second = complete(5);
    sources(first, second);
    run(merges);
    Segment third = complete(5);
    sources(third);
    assertThat(merges).isEmpty();

    sources(first, second, third);

    assertThat(merges).hasSize(1);
  }

  @Test
  void a_view_keeps_a_merged_file_until_its_end() throws IOException {
    Segment first = complete(5);
    Segment second = complete(5);
    sources(first, second);
    run(merges);
    RunSource source = sources(first, second).getFirst();

    files.reportDamage(source, new IOException("cannot be read"));
    assertThat(sources(first, second)).hasSize(2);
    assertThat(source.begin()).isTrue();
    assertThat(atEndOfView).hasSize(1);
    atEndOfView.forEach(Runnable::run);

    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(source::begin);
  }

  @Test
  void nothing_is_merged_when_the_store_is_being_closed() throws IOException {
    Segment first = complete(5);
    Segment second = complete(5);

    files.stopMerging();
    sources(first, second);

    assertThat(merges).isEmpty();
  }

  @Test
  void merged_files_are_closed_with_the_store() throws IOException {
    Segment first = complete(5);
    Segment second = complete(5);
    sources(first, second);
    run(merges);
    RunSource source = sources(first, second).getFirst();
    assertThat(files.bytes())
        .isEqualTo(
            fileOf(first).length()
                + fileOf(second).length()
                + ((MergedKeys) source.run()).length());

    files.close();

    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(source::begin);
  }

  private List<RunSource> sources(Segment... segments) throws IOException {
    List<SegmentPart> parts = new ArrayList<>();
    for (Segment segment : segments) {
      parts.add(new SegmentPart(segment, segment.end()));
    }
    return files.sources(parts, 999, true, end -> atEndOfView.add(end));
  }

  private Segment complete(int keys) throws IOException {
    Segment segment = listed.add(keys);
    files.complete(segment);
    run(tasks);
    return segment;
  }

  private KeyFile fileOf(Segment segment) {
    KeyFile file = files.file(segment);
    if (file == null) {
      throw new AssertionError("no key file");
    }
    return file;
  }

  /** All of it: no block and no filter is as it was. */
  private void damage(Segment segment) throws IOException {
    try (DiskFile file = disk.open(FileNames.keys(segment.fileNumber()), Disk.Access.READ_WRITE)) {
      for (long at = KeyFileHeader.LENGTH + 20; at < file.size() - 100; at++) {
        file.write(at, ByteBuffer.wrap(new byte[] {99}));
      }
    }
  }

  private static void run(Deque<Runnable> waiting) {
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }
  }
}
