package io.minikv.engine.snapshot;

import static io.minikv.engine.snapshot.WrittenSnapshot.STORE;
import static io.minikv.engine.snapshot.WrittenSnapshot.entries;
import static io.minikv.engine.snapshot.WrittenSnapshot.header;
import static io.minikv.engine.snapshot.WrittenSnapshot.location;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which index snapshot is used, and what is said of those that are not. */
class LoadedSnapshotTest {

  private static final String NAME = "INDEX-00000000000000000034";
  private static final SnapshotSegment COVERED = new SnapshotSegment(4, 1_000, 800, 500, 1, 20);
  private static final Manifest MANIFEST = manifest(34, complete(4, 1_000));

  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<String> findings = new ArrayList<>();

  // ---- one that is used

  @Test
  void it_tells_what_was_written() throws IOException {
    write(34, COVERED, new SnapshotSegment(7, 2_000, 0, 0, 0, 0));

    LoadedSnapshot snapshot = newest(manifest(34, complete(4, 1_000), complete(7, 2_000)));

    assertThat(snapshot.name()).isEqualTo(NAME);
    assertThat(snapshot.sequence()).isEqualTo(34);
    assertThat(snapshot.length()).isEqualTo(disk.processKill().bytes(NAME).length);
    assertThat(snapshot.segments())
        .containsExactly(COVERED, new SnapshotSegment(7, 2_000, 0, 0, 0, 0));
    assertThat(entries(snapshot.index())).containsExactly(5, location(0));
    assertThat(findings).isEmpty();
    OpenFiles.requireNone(disk);
  }

  @Test
  void it_covers_a_segment_so_far_as_it_says_and_no_other() throws IOException {
    write(34, COVERED);

    LoadedSnapshot snapshot = newest(MANIFEST);

    assertThat(snapshot.segment(4)).isEqualTo(COVERED);
    assertThat(snapshot.coveredEnd(4)).isEqualTo(1_000);
    assertThat(snapshot.segment(5)).isNull();
    assertThat(snapshot.coveredEnd(5)).isEqualTo(SegmentHeader.LENGTH);
  }

  @Test
  void without_one_there_is_none_and_nothing_is_said() throws IOException {
    assertThat(LoadedSnapshot.newest(disk, MANIFEST, findings::add)).isNull();
    assertThat(findings).isEmpty();
  }

  @Test
  void one_that_was_never_complete_is_none() throws IOException {
    write(34, COVERED);
    disk.rename(NAME, NAME + ".tmp");

    assertThat(LoadedSnapshot.newest(disk, MANIFEST, findings::add)).isNull();
    assertThat(findings).isEmpty();
  }

  @Test
  void of_several_the_newest_one_is_used() throws IOException {
    write(12, COVERED);
    write(34, COVERED);
    write(33, COVERED);

    assertThat(newest(MANIFEST).sequence()).isEqualTo(34);
    assertThat(findings).isEmpty();
  }

  @Test
  void entries_of_segments_that_were_retired_or_are_not_listed_are_left_out() throws IOException {
    SnapshotSegment retired = new SnapshotSegment(8, 1_000, 0, 0, 0, 0);
    SnapshotSegment unlisted = new SnapshotSegment(9, 1_000, 0, 0, 0, 0);
    WrittenSnapshot.write(
        disk,
        header(34, 3, 3),
        List.of(COVERED, retired, unlisted),
        new long[] {1, Location.of(8, 64), 2, location(0), 3, Location.of(9, 64)});

    LoadedSnapshot snapshot = newest(manifest(34, complete(4, 1_000), complete(8, 900).retired()));

    assertThat(entries(snapshot.index())).containsExactly(2, location(0));
    assertThat(snapshot.segments()).containsExactly(COVERED, retired, unlisted);
  }

  @Test
  void one_of_a_segment_that_is_still_open_is_used_wherever_that_ends() throws IOException {
    write(34, COVERED);

    assertThat(newest(manifest(34, SegmentEntry.open(4))).coveredEnd(4)).isEqualTo(1_000);
  }

  // ---- those that are not

  @Test
  void one_that_is_damaged_is_passed_over_for_an_older_one() throws IOException {
    write(12, COVERED);
    disk.create(NAME).close();

    assertThat(newest(MANIFEST).sequence()).isEqualTo(12);
    assertNotUsed("ends within its header, after 0 bytes");
  }

  @Test
  void one_that_the_disk_cannot_read_is_passed_over() throws IOException {
    write(34, COVERED);
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type() == OperationType.READ) {
              throw new IOException("cannot be read");
            }
          }
        });

    assertNone(MANIFEST, "cannot be read");
  }

  @Test
  void one_of_another_store_is_not_used() throws IOException {
    write(34, COVERED);

    assertNone(
        new Manifest(new StoreId(1, 3), 0, 0, 0, 100, true, 34, List.of(complete(4, 1_000))),
        "belongs to another store");
  }

  @Test
  void one_that_knows_of_more_writes_than_there_were_is_not_used() throws IOException {
    write(34, COVERED);

    assertNone(manifest(33, complete(4, 1_000)), "is newer than the MANIFEST");
  }

  @Test
  void one_that_knows_of_more_of_a_segment_than_there_is_is_not_used() throws IOException {
    write(34, COVERED);

    assertNone(manifest(34, complete(4, 999)), "covers more of 000000004.log than there is");
  }

  // ---- helpers

  private void write(long sequence, SnapshotSegment... segments) throws IOException {
    WrittenSnapshot.write(
        disk, header(sequence, 1, segments.length), List.of(segments), 5, location(0));
  }

  private static Manifest manifest(long sequence, SegmentEntry... segments) {
    return new Manifest(STORE, 0, 0, 0, 100, true, sequence, List.of(segments));
  }

  private static SegmentEntry complete(long fileNumber, long end) {
    return new SegmentEntry(
        fileNumber, SegmentHeader.Kind.LOG, Manifest.State.COMPLETE, end, 1, 20);
  }

  private LoadedSnapshot newest(Manifest manifest) throws IOException {
    LoadedSnapshot newest = LoadedSnapshot.newest(disk, manifest, findings::add);
    assertThat(newest).as(findings.toString()).isNotNull();
    return newest;
  }

  private void assertNone(Manifest manifest, String reason) throws IOException {
    @Nullable LoadedSnapshot newest = LoadedSnapshot.newest(disk, manifest, findings::add);

    assertThat(newest).isNull();
    assertNotUsed(reason);
    disk.listen(DiskListener.NONE);
    assertThat(disk.exists(FileNames.snapshot(34))).isTrue();
    OpenFiles.requireNone(disk);
  }

  private void assertNotUsed(String reason) {
    assertThat(findings)
        .containsExactly(
            NAME + " " + reason + ". It was not used, which made the opening take longer.");
  }
}
