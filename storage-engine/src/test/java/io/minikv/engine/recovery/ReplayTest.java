package io.minikv.engine.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
import io.minikv.engine.index.KeyHasher;
import io.minikv.engine.index.ShardedIndex;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.SegmentSet;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which record of a key is live, in whatever order records are seen. */
class ReplayTest {

  private final SimulatedDisk disk = new SimulatedDisk();
  private final SegmentSet segments = new SegmentSet();
  private final EntryTable table =
      new EntryTable(
          new ShardedIndex(),
          segments,
          new KeyHasher(7),
          new ValueFiles(disk, WrittenLogSegment.STORE));
  private final Replay replay = new Replay(disk, table, 0);

  /** The writes of a later time are in the file of the lower number. */
  private WrittenLogSegment later;

  private WrittenLogSegment earlier;

  @BeforeEach
  void createSegments() throws IOException {
    later = new WrittenLogSegment(disk, 7, 64 << 10);
    later.continueFrom(100);
    earlier = new WrittenLogSegment(disk, 8, 64 << 10);
    segments.add(later.segment());
    segments.add(earlier.segment());
  }

  @Test
  void the_later_put_is_live_whichever_is_seen_first() throws IOException {
    later.put("a", "later");
    earlier.put("a", "earlier");
    earlier.put("b", "earlier");
    later.put("b", "later");

    replay(later, earlier);

    assertLive("a", later);
    assertLive("b", later);
    assertThat(table.keys()).isEqualTo(2);
    assertThat(earlier.segment().liveBytes()).isZero();
    assertThat(later.segment().liveBytes()).isEqualTo(later.position() - SegmentHeader.LENGTH);
    assertThat(table.valueBytes()).isEqualTo(10);
  }

  @Test
  void a_later_put_takes_the_place_of_one_that_was_seen_before() throws IOException {
    earlier.put("a", "earlier");
    later.put("a", "later");

    replay(earlier, later);

    assertLive("a", later);
    assertThat(table.keys()).isOne();
    assertThat(earlier.segment().liveBytes()).isZero();
  }

  @Test
  void a_later_tombstone_ends_a_put_that_was_seen_before() throws IOException {
    earlier.put("a", "earlier");
    later.delete("a");

    replay(earlier, later);

    assertGone("a");
    assertThat(earlier.segment().liveBytes()).isZero();
  }

  @Test
  void a_later_tombstone_ends_a_put_that_is_seen_afterwards() throws IOException {
    later.delete("a");
    earlier.put("a", "earlier");

    replay(later, earlier);

    assertGone("a");
  }

  @Test
  void an_earlier_tombstone_ends_nothing() throws IOException {
    later.put("a", "later");
    earlier.delete("a");
    earlier.delete("b");
    later.put("b", "later");

    replay(later, earlier);
    assertLive("a", later);
    assertLive("b", later);
  }

  @Test
  void an_earlier_tombstone_that_is_seen_first_ends_nothing() throws IOException {
    earlier.delete("a");
    later.put("a", "later");

    replay(earlier, later);

    assertLive("a", later);
  }

  @Test
  void of_two_tombstones_the_later_one_counts() throws IOException {
    later.put("a", "1"); // 101
    later.delete("a"); // 102
    earlier.delete("a"); // 1
    earlier.continueFrom(50);
    earlier.put("a", "2"); // 51

    replay(later, earlier);

    assertGone("a");
  }

  @Test
  void a_put_behind_a_tombstone_of_its_segment_is_live() throws IOException {
    later.delete("a"); // 101
    later.put("a", "again"); // 102
    earlier.put("a", "earlier");

    replay(later, earlier);

    assertLive("a", later);
  }

  @Test
  void records_that_come_again_change_nothing() throws IOException {
    later.put("a", "1");
    later.put("b", "2");
    later.delete("b");

    replay(later, later);

    assertLive("a", later);
    assertGone("b");
    assertThat(table.keys()).isOne();
    assertThat(table.valueBytes()).isOne();
  }

  @Test
  void it_counts_records_and_bytes_and_tells_the_highest_sequence_number() throws IOException {
    later.put("a", "1");
    later.delete("a");
    later.watermark(later.position());
    long begin = earlier.put("b", "not seen");
    earlier.put("b", "seen");

    replay.add(later.segment(), SegmentHeader.LENGTH);
    replay.add(earlier.segment(), begin);

    assertThat(replay.records()).isEqualTo(3);
    assertThat(replay.bytes())
        .isEqualTo(later.position() - SegmentHeader.LENGTH + earlier.position() - begin);
    assertThat(replay.highestSequence()).isEqualTo(102);
    assertThat(later.segment().lowestSequence()).isEqualTo(101);
    assertThat(later.segment().highestSequence()).isEqualTo(102);
    assertThat(earlier.segment().lowestSequence()).isEqualTo(2);
  }

  @Test
  void without_records_the_sequence_number_is_that_of_the_snapshot() {
    assertThat(new Replay(disk, table, 34).highestSequence()).isEqualTo(34);
    assertThat(replay.highestSequence()).isZero();
    assertThat(replay.records()).isZero();
    assertThat(replay.bytes()).isZero();
  }

  private void replay(WrittenLogSegment first, WrittenLogSegment second) throws IOException {
    replay.add(first.segment(), SegmentHeader.LENGTH);
    replay.add(second.segment(), SegmentHeader.LENGTH);
  }

  private void assertLive(String key, WrittenLogSegment log) throws IOException {
    Found found = table.find(Key.of(key), table.hash(Key.of(key)));
    assertThat(found).as(key).isNotNull();
    assertThat(found.segment()).as(key).isSameAs(log.segment());
  }

  private void assertGone(String key) throws IOException {
    assertThat(table.find(Key.of(key), table.hash(Key.of(key)))).as(key).isNull();
  }
}
