package io.minikv.engine.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of segments whose ends the MANIFEST does not know. */
class LogEndsTest {

  private static final int SPACE = 1 << 20;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final TreeMap<Long, SegmentEntry> entries = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private final List<String> removable = new ArrayList<>();
  private final LogEnds ends =
      new LogEnds(new SegmentFiles(disk, WrittenLogSegment.STORE), null, findings, removable);

  private WrittenLogSegment open(long number) throws IOException {
    entries.put(number, SegmentEntry.open(number));
    return new WrittenLogSegment(disk, number, SPACE);
  }

  private static SegmentEntry complete(long number, long end) {
    return new SegmentEntry(number, SegmentHeader.Kind.LOG, Manifest.State.COMPLETE, end, 0, 0);
  }

  // ---- where they end

  @Test
  void a_segment_ends_where_it_is_known_to_be_durable() throws IOException {
    WrittenLogSegment log = open(7);
    long durable = log.put("a", "1");
    log.watermark(durable);

    ends.find(entries);

    assertThat(entries.values()).containsExactly(complete(7, durable));
    assertThat(findings).isEmpty();
    assertThat(removable).isEmpty();
  }

  @Test
  void a_segment_that_no_write_reached_can_go() throws IOException {
    WrittenLogSegment log = open(7);
    long end = log.put("a", "1");
    log.watermark(end);
    open(8);

    ends.find(entries);

    assertThat(entries.values()).containsExactly(complete(7, end));
    assertThat(removable).containsExactly("000000008.log");
  }

  @Test
  void a_segment_that_another_one_follows_ends_with_its_seal() throws IOException {
    WrittenLogSegment first = open(7);
    first.put("a", "1");
    first.seal();
    WrittenLogSegment second = open(8);
    long durable = second.put("b", "2");
    second.watermark(durable);

    ends.find(entries);

    assertThat(entries.values())
        .containsExactly(complete(7, first.position()), complete(8, durable));
    assertThat(findings).isEmpty();
  }

  @Test
  void a_segment_whose_end_is_known_is_left_as_it_is() throws IOException {
    SegmentEntry known =
        new SegmentEntry(5, SegmentHeader.Kind.LOG, Manifest.State.COMPLETE, 999, 1, 2);
    entries.put(5L, known);

    ends.find(entries);

    assertThat(entries.values()).containsExactly(known);
  }

  @Test
  void of_two_segments_that_contradict_each_other_the_one_without_records_is_blamed()
      throws IOException {
    open(7).put("a", "1");
    WrittenLogSegment next = open(8);
    next.flip(200);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> ends.find(entries))
        .withMessage(
            "000000008.log, at byte 64, has bytes that are no record, though 000000007.log before"
                + " it was still written: one of the two was changed");
  }

  @Test
  void a_segment_whose_seal_is_missing_is_blamed_when_the_next_one_has_records()
      throws IOException {
    long end = open(7).put("a", "1");
    open(8).put("b", "2");

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> ends.find(entries))
        .withMessage(
            "000000007.log, at byte "
                + end
                + ", has lost records that were on the disk: its bytes were changed or cut");
  }

  // ---- what is told

  @Test
  void a_damaged_value_is_told_with_its_place() throws IOException {
    WrittenLogSegment log = open(7);
    long first = log.put("a", "1");
    long second = log.put("b", "a value of some length");
    log.watermark(second);
    log.flip(second - 8);

    ends.find(entries);

    assertThat(findings)
        .containsExactly(
            "000000007.log, at byte "
                + first
                + ", has a value whose checksum does not fit; its key cannot be read.");
  }

  @Test
  void a_torn_end_is_told_and_set_aside_whole() throws IOException {
    WrittenLogSegment log = open(7);
    long end = log.put("a", "1");
    log.put("b", text(200_000));
    log.flip(end + 8);
    int contentEnd = log.contentEnd();
    final byte[] torn = Arrays.copyOfRange(log.bytes(), (int) end, contentEnd);

    ends.find(entries);
    ends.setTornAside();

    assertThat(findings)
        .containsExactly(
            "000000007.log ends with a write that a crash cut short: "
                + (contentEnd - end)
                + " bytes from byte "
                + end
                + " on were set aside in 000000007.torn.");
    assertThat(disk.processKill().bytes("000000007.torn")).isEqualTo(torn);
    log.close();
    OpenFiles.requireNone(disk);
  }

  @Test
  void what_is_set_aside_outlives_a_power_cut() throws IOException {
    WrittenLogSegment log = open(7);
    long end = log.put("a", "1");
    log.put("b", "2");
    log.flip(end + 8);

    ends.find(entries);
    ends.setTornAside();
    disk.forceDirectory();

    DiskImage afterPowerCut =
        disk.snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(1)).image();
    assertThat(afterPowerCut.bytes("000000007.torn"))
        .isEqualTo(Arrays.copyOfRange(log.bytes(), (int) end, log.contentEnd()));
  }

  @Test
  void what_was_set_aside_before_gives_way() throws IOException {
    try (DiskFile before = disk.create("000000007.torn")) {
      before.write(0, ByteBuffer.allocate(5_000));
    }
    WrittenLogSegment log = open(7);
    long end = log.put("a", "1");
    log.put("b", "2");
    log.flip(end + 8);

    ends.find(entries);
    ends.setTornAside();

    assertThat(disk.processKill().bytes("000000007.torn")).hasSize((int) (log.contentEnd() - end));
  }

  @Test
  void without_a_torn_end_nothing_is_set_aside() throws IOException {
    open(7).put("a", "1");

    ends.find(entries);
    ends.setTornAside();

    assertThat(disk.list()).containsExactly("000000007.log");
  }

  // ---- space

  @Test
  void what_was_allocated_ahead_is_given_back() throws IOException {
    WrittenLogSegment log = open(7);
    log.put("a", "1");
    byte[] all = log.bytes();
    assertThat(all).hasSizeGreaterThan(300_000);
    log.close();

    ends.find(entries);
    ends.giveBackSpace();

    assertThat(log.bytes()).isEqualTo(Arrays.copyOf(all, (int) log.position()));
    OpenFiles.requireNone(disk);
  }

  @Test
  void a_torn_end_keeps_its_bytes_until_it_is_set_aside() throws IOException {
    WrittenLogSegment log = open(7);
    long end = log.put("a", "1");
    log.put("b", text(100_000));
    log.flip(end + 8);
    int contentEnd = log.contentEnd();
    log.close();

    ends.find(entries);
    ends.giveBackSpace();

    assertThat(log.bytes()).hasSize(contentEnd);
  }

  @Test
  void zeros_that_belong_to_the_last_record_are_kept() throws IOException {
    WrittenLogSegment log = open(7);
    log.put("a", "ends with zeros" + "\0".repeat(20));
    log.close();

    ends.find(entries);
    ends.giveBackSpace();

    assertThat(log.bytes()).hasSize((int) log.position());
  }

  // ---- what may not be durable

  @Test
  void writes_that_may_not_be_durable_are_copied_to_a_segment_of_their_own() throws IOException {
    WrittenLogSegment log = open(7);
    long durable = log.put("a", "1");
    log.watermark(durable);
    log.put("b", text(100_000));
    log.watermark(durable);
    log.delete("a");
    log.close();
    List<Segment> opened = new ArrayList<>();

    ends.find(entries);
    Segment copy = ends.copyUncertain(directory(), opened);

    assertThat(copy).isNotNull();
    assertThat(opened).containsExactly(copy);
    assertThat(copy.kind()).isEqualTo(SegmentHeader.Kind.COMPACTED);
    assertThat(records(copy, SegmentHeader.LENGTH)).containsExactly("2 b 100000", "3 a 0");
    copy.close();
    OpenFiles.requireNone(disk);
  }

  @Test
  void without_such_writes_nothing_is_copied() throws IOException {
    open(7);
    List<Segment> opened = new ArrayList<>();

    ends.find(entries);

    assertThat(ends.copyUncertain(directory(), opened)).isNull();
    assertThat(opened).isEmpty();
    assertThat(disk.list()).containsExactly("000000007.log");
  }

  private SegmentDirectory directory() {
    Manifest manifest = new Manifest(WrittenLogSegment.STORE, 0, 0, 0, 100, false, 0, List.of());
    return new SegmentDirectory(disk, new MutableClock(), SPACE, manifest, 20, () -> 0);
  }

  /** Sequence number, key and length of the value of each record from an offset on. */
  private static List<String> records(Segment segment, long from) throws IOException {
    List<String> records = new ArrayList<>();
    FrameScanner frames = FrameScanner.from(segment, from);
    while (frames.next()) {
      if (frames.head().isRecord()) {
        records.add(
            frames.head().sequence()
                + " "
                + frames.head().key().utf8()
                + " "
                + frames.head().valueLength());
      }
    }
    return records;
  }

  private static String text(int length) {
    StringBuilder text = new StringBuilder(length);
    new Random(length).ints(length, 'a', 'z').forEach(letter -> text.append((char) letter));
    return text.toString();
  }
}
