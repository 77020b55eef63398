package io.minikv.engine.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.Manifest.State;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.testkit.MutableClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the MANIFEST says of the files of a store, and which files there are, after each change. */
class SegmentDirectoryTest {

  private static final long SEGMENT_BYTES = 64 << 10;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<Segment> completed = new ArrayList<>();
  private final SegmentDirectory directory = Manifests.directory(disk, SEGMENT_BYTES);

  SegmentDirectoryTest() {
    directory.whenComplete(completed::add);
  }

  // ---- numbers

  @Test
  void file_numbers_are_handed_out_one_after_the_other_below_the_one_on_the_disk()
      throws Exception {
    for (long number = 1; number <= 100; number++) {
      assertThat(directory.takeFileNumber()).isEqualTo(number);
      assertThat(onDisk().nextFileNumber()).isGreaterThan(number);
    }
    assertThat(onDisk().generation()).isLessThan(10);
  }

  @Test
  void no_file_number_is_handed_out_when_the_manifest_cannot_be_written() throws Exception {
    directory.renew();
    long reserved = onDisk().nextFileNumber();
    for (long number = 1; number < reserved; number++) {
      directory.takeFileNumber();
    }
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));

    assertThatExceptionOfType(DiskFullException.class).isThrownBy(directory::takeFileNumber);
    assertThat(directory.takeFileNumber()).isEqualTo(reserved);
  }

  @Test
  void sequence_numbers_are_reserved_from_the_last_one_on() throws Exception {
    directory.trackSequence(() -> 500);

    directory.renew();

    assertThat(onDisk().sequence()).isEqualTo(500 + SEGMENT_BYTES / 8);
    assertThat(directory.sequenceCeiling()).isEqualTo(onDisk().sequence());
  }

  @Test
  void a_store_of_tiny_segments_reserves_a_thousand_sequence_numbers() throws Exception {
    SegmentDirectory tiny = Manifests.directory(disk, 100);

    tiny.renew();

    assertThat(tiny.sequenceCeiling()).isEqualTo(1024);
  }

  @Test
  void a_manifest_that_could_not_be_written_reserves_nothing() throws Exception {
    directory.renew();
    long before = directory.sequenceCeiling();
    directory.trackSequence(() -> 500);
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));

    assertThatExceptionOfType(DiskFullException.class).isThrownBy(directory::renew);

    assertThat(directory.sequenceCeiling()).isEqualTo(before);
    assertThat(directory.manifest()).isEqualTo(onDisk());
  }

  @Test
  void each_manifest_is_one_generation_later_and_of_the_same_store() throws Exception {
    directory.renew();
    Manifest first = onDisk();

    directory.renew();

    Manifest second = onDisk();
    assertThat(second.generation()).isEqualTo(first.generation() + 1);
    assertThat(second.store()).isEqualTo(Records.STORE);
    assertThat(second.hashSeed()).isEqualTo(Manifests.HASH_SEED);
    assertThat(second.createdAtMillis()).isEqualTo(Manifests.CREATED_AT_MILLIS);
    assertThat(second.closed()).isFalse();
  }

  @Test
  void it_goes_on_with_the_segments_of_the_manifest_that_it_was_made_of() throws Exception {
    Manifest manifest = Manifests.first().withSegments(List.of(SegmentEntry.open(1)));
    SegmentDirectory next =
        new SegmentDirectory(disk, new MutableClock(), SEGMENT_BYTES, manifest, 2, () -> 0);
    assertThat(next.manifest()).isEqualTo(manifest);
    assertThat(next.store()).isEqualTo(Records.STORE);

    next.renew();

    assertThat(onDisk().segments()).containsExactly(SegmentEntry.open(1));
  }

  // ---- segments that begin

  @Test
  void a_new_segment_of_the_log_is_listed_as_open_before_it_can_be_written() throws Exception {
    MutableClock clock = new MutableClock(Instant.ofEpochMilli(5_000));
    SegmentDirectory timed = Manifests.directory(disk, clock, SEGMENT_BYTES);

    Segment segment = timed.createLogSegment().segment();

    assertThat(segment.name()).isEqualTo("000000001.log");
    assertThat(segment.kind()).isEqualTo(SegmentHeader.Kind.LOG);
    assertThat(onDisk().segments()).containsExactly(SegmentEntry.open(1));
    byte[] header = disk.processKill().bytes(segment.name());
    assertThat(SegmentHeader.decode(header).createdAtMillis()).isEqualTo(5_000);
  }

  @Test
  void a_new_segment_of_the_log_has_its_space_already() throws Exception {
    SegmentWriter writer = directory.createLogSegment();

    assertThat(writer.takenBytes()).isGreaterThanOrEqualTo(2 * SegmentHeader.LENGTH);
  }

  @Test
  void the_output_of_a_compaction_is_not_listed_before_it_is_complete() throws Exception {
    Segment segment = directory.createCompactedSegment().segment();

    assertThat(segment.kind()).isEqualTo(SegmentHeader.Kind.COMPACTED);
    assertThat(onDisk().segments()).isEmpty();
    assertThat(directory.lists(segment.fileNumber())).isFalse();
  }

  @Test
  void a_segment_that_a_full_disk_could_not_list_leaves_nothing() throws Exception {
    disk.setCapacity(1 << 20);
    directory.renew();
    List<String> before = disk.list();
    long free = disk.freeBytes();
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 4)); // Behind its file and its space.

    assertThatExceptionOfType(DiskFullException.class).isThrownBy(directory::createLogSegment);

    assertThat(disk.faultsFired()).isEqualTo(1);
    assertThat(disk.list()).isEqualTo(before);
    assertThat(disk.freeBytes()).isEqualTo(free);
    assertThat(directory.lists(1)).isFalse();
    directory.renew();
    assertThat(onDisk().segments()).isEmpty();
    assertThat(directory.createLogSegment().segment().fileNumber()).isEqualTo(2);
  }

  @Test
  void the_file_of_a_segment_stays_when_the_manifest_on_the_disk_may_list_it() throws Exception {
    directory.renew();
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR_ALL_DONE, 9)); // The renaming.

    assertThatIOException().isThrownBy(directory::createLogSegment);

    assertThat(onDisk().segments()).containsExactly(SegmentEntry.open(1));
    assertThat(disk.exists("000000001.log")).isTrue();
    assertThat(directory.lists(1)).isFalse();
  }

  // ---- segments that end

  @Test
  void a_complete_segment_is_listed_with_its_end_and_its_sequence_numbers() throws Exception {
    Segment segment = Records.writeOne(directory.createLogSegment());

    directory.seal(segment);

    assertThat(onDisk().segments())
        .containsExactly(
            new SegmentEntry(1, SegmentHeader.Kind.LOG, State.COMPLETE, segment.end(), 1, 1));
    assertThat(completed).containsExactly(segment);
  }

  @Test
  void a_segment_is_complete_also_when_the_manifest_cannot_tell_yet() throws Exception {
    Segment segment = Records.writeOne(directory.createLogSegment());
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));

    assertThatExceptionOfType(DiskFullException.class).isThrownBy(() -> directory.seal(segment));

    assertThat(completed).containsExactly(segment);
    assertThat(states()).containsExactly(State.OPEN);
    directory.renew();
    assertThat(states()).containsExactly(State.COMPLETE);
  }

  @Test
  void a_segment_that_is_not_listed_any_more_is_not_listed_again() throws Exception {
    Segment segment = Records.writeOne(directory.createLogSegment());
    directory.list(List.of());

    directory.seal(segment);
    directory.renew();

    assertThat(onDisk().segments()).isEmpty();
  }

  @Test
  void segments_take_the_place_of_others_in_one_step() throws Exception {
    Segment leaving = Records.writeOne(directory.createLogSegment());
    Segment staying = Records.writeOne(directory.createLogSegment());
    directory.seal(leaving);
    directory.seal(staying);
    completed.clear();
    long before = onDisk().generation();
    Segment coming = Records.writeOne(directory.createCompactedSegment());

    directory.replace(List.of(leaving), List.of(coming));

    assertThat(onDisk().generation()).isEqualTo(before + 1);
    assertThat(states()).containsExactly(State.RETIRED, State.COMPLETE, State.COMPLETE);
    assertThat(completed).containsExactly(coming);
    assertThat(directory.lists(leaving.fileNumber())).isFalse();
    assertThat(directory.lists(staying.fileNumber())).isTrue();
    assertThat(directory.lists(coming.fileNumber())).isTrue();
  }

  @Test
  void a_replacement_that_could_not_be_written_has_not_happened() throws Exception {
    Segment leaving = Records.writeOne(directory.createLogSegment());
    directory.seal(leaving);
    completed.clear();
    Segment coming = Records.writeOne(directory.createCompactedSegment());
    disk.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));

    assertThatExceptionOfType(DiskFullException.class)
        .isThrownBy(() -> directory.replace(List.of(leaving), List.of(coming)));

    assertThat(completed).isEmpty();
    assertThat(directory.lists(leaving.fileNumber())).isTrue();
    assertThat(directory.lists(coming.fileNumber())).isFalse();
    directory.renew();
    assertThat(states()).containsExactly(State.COMPLETE);
  }

  // ---- files that go

  @Test
  void the_files_of_segments_that_are_not_live_go_durably_and_no_later_manifest_lists_them()
      throws Exception {
    Segment leaving = Records.writeOne(directory.createLogSegment());
    disk.create(FileNames.keys(leaving.fileNumber())).close();
    Segment withoutKeys = Records.writeOne(directory.createLogSegment());
    directory.replace(List.of(leaving, withoutKeys), List.of());

    directory.delete(List.of(leaving, withoutKeys));

    assertThat(afterPowerCut().list()).containsExactly(FileNames.MANIFEST);
    directory.renew();
    assertThat(onDisk().segments()).isEmpty();
  }

  @Test
  void what_could_not_be_removed_is_removed_later() throws Exception {
    Segment leaving = Records.writeOne(directory.createLogSegment());
    disk.create(FileNames.keys(leaving.fileNumber())).close();
    Segment live = Records.writeOne(directory.createLogSegment());
    directory.replace(List.of(leaving), List.of());
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 2)); // Behind a query.
    assertThatIOException().isThrownBy(() -> directory.delete(List.of(leaving)));
    assertThat(disk.exists(leaving.name())).isTrue();

    directory.deleteRetired();

    assertThat(afterPowerCut().list()).containsExactly(live.name(), FileNames.MANIFEST);
    directory.renew();
    assertThat(states()).containsExactly(State.OPEN);
  }

  @Test
  void where_nothing_was_left_behind_the_disk_is_not_asked() throws Exception {
    directory.createLogSegment();
    long before = disk.operationCount();

    directory.deleteRetired();

    assertThat(disk.operationCount()).isEqualTo(before);
  }

  @Test
  void segments_whose_files_are_gone_are_forgotten_and_live_ones_are_not() throws Exception {
    Segment gone = Records.writeOne(directory.createLogSegment());
    Segment live = Records.writeOne(directory.createLogSegment());
    directory.replace(List.of(gone), List.of());

    directory.forgetRetired();
    directory.renew();

    assertThat(onDisk().segments())
        .extracting(SegmentEntry::fileNumber)
        .containsExactly(live.fileNumber());
  }

  // ---- files that get their names

  @Test
  void a_key_file_gets_its_name_while_its_segment_is_live() throws Exception {
    Segment segment = Records.writeOne(directory.createLogSegment());
    disk.create(FileNames.keysTemporary(segment.fileNumber())).close();

    assertThat(directory.publishKeyFile(segment)).isTrue();

    assertThat(disk.list()).contains("000000001.keys").doesNotContain("000000001.keys.tmp");
  }

  @Test
  void a_key_file_goes_when_its_segment_is_not_live_any_more() throws Exception {
    Segment retired = Records.writeOne(directory.createLogSegment());
    Segment forgotten = Records.writeOne(directory.createLogSegment());
    directory.replace(List.of(retired), List.of());
    directory.delete(List.of(forgotten));
    for (Segment segment : List.of(retired, forgotten)) {
      disk.create(FileNames.keysTemporary(segment.fileNumber())).close();

      assertThat(directory.publishKeyFile(segment)).isFalse();
    }

    assertThat(disk.list()).noneMatch(FileNames::isOfKeys);
  }

  @Test
  void an_index_snapshot_gets_its_name_durably() throws Exception {
    disk.create(FileNames.snapshotTemporary(12)).close();

    directory.publishSnapshot(12);

    assertThat(afterPowerCut().list()).containsExactly(FileNames.snapshot(12));
  }

  // ---- the end

  @Test
  void a_store_that_was_closed_tells_the_very_numbers_it_used() throws Exception {
    Segment last = Records.writeOne(directory.createLogSegment());
    Segment unused = directory.createLogSegment().segment();
    directory.trackSequence(() -> 77);

    directory.close(last, List.of(unused));

    assertThat(onDisk().closed()).isTrue();
    assertThat(onDisk().sequence()).isEqualTo(77);
    assertThat(onDisk().nextFileNumber()).isEqualTo(3);
    assertThat(onDisk().segments()).containsExactly(SegmentDirectory.sealedEntry(last));
    assertThat(afterPowerCut().list()).containsExactly(last.name(), FileNames.MANIFEST);
  }

  @Test
  void a_store_with_a_segment_whose_end_is_not_known_does_not_count_as_closed() throws Exception {
    directory.createLogSegment();
    Segment last = Records.writeOne(directory.createLogSegment());

    directory.close(last, List.of());

    assertThat(onDisk().closed()).isFalse();
    assertThat(states()).containsExactly(State.OPEN, State.COMPLETE);
    assertThat(onDisk().nextFileNumber()).isGreaterThan(3);
  }

  private Manifest onDisk() throws Exception {
    return ManifestFile.read(disk);
  }

  private List<State> states() throws Exception {
    return onDisk().segments().stream().map(SegmentEntry::state).toList();
  }

  private SimulatedDisk afterPowerCut() {
    return SimulatedDisk.from(
        disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(0)).image());
  }
}
