package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.KeyHasher;
import io.minikv.engine.index.ShardedIndex;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentSet;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which entries are pointed to their copies, and what that counts to. */
class MovesTest {

  private static final int COUNT = 5_000;
  private static final int VALUE_LENGTH = 10;

  private final SegmentSet segments = new SegmentSet();
  private final ShardedIndex index = new ShardedIndex();
  private final EntryTable table =
      new EntryTable(
          index,
          segments,
          new KeyHasher(7),
          new ValueFiles(new SimulatedDisk(), new StoreId(1, 2)));
  private final Moves moves = new Moves();
  private Segment source;
  private Segment target;
  private FrameHead head;

  @BeforeEach
  void addMoves() throws IOException, FormatException {
    Segments created = new Segments();
    source = created.create(3, 1, COUNT);
    target = created.create(4, 1, COUNT);
    segments.add(source);
    segments.add(target);
    EncodedFrame frame =
        EncodedFrame.of(Mutation.Put.of(Key.of("k"), Value.wrap(new byte[VALUE_LENGTH])), false);
    frame.stamp(1, 0);
    frame.place(source.identity(), source.end());
    head = FrameHead.parse(frame.bytes(), 0);
    for (int i = 0; i < COUNT; i++) {
      index.add(hash(i), from(i));
      moves.add(hash(i), from(i), to(i), head);
    }
  }

  private static long hash(int i) {
    return 0x9E3779B97F4A7C15L * (i + 1);
  }

  private static long from(int i) {
    return Location.of(3, 64 + 8L * i);
  }

  private static long to(int i) {
    return Location.of(4, 64 + 8L * i);
  }

  @Test
  void any_number_of_entries_is_moved() {
    assertThat(moves.count()).isEqualTo(COUNT);

    moves.touch(table, 0, COUNT);
    moves.apply(table, 0, COUNT);

    for (int i = 0; i < COUNT; i++) {
      assertThat(index.contains(hash(i), to(i))).isTrue();
      assertThat(index.contains(hash(i), from(i))).isFalse();
    }
  }

  @Test
  void only_those_are_moved_that_are_asked_for() {
    moves.apply(table, 1, 3);

    assertThat(index.contains(hash(0), from(0))).isTrue();
    assertThat(index.contains(hash(1), to(1))).isTrue();
    assertThat(index.contains(hash(2), to(2))).isTrue();
    assertThat(index.contains(hash(3), from(3))).isTrue();
  }

  @Test
  void an_entry_that_was_overwritten_meanwhile_stays() {
    long newer = Location.of(4, 1 << 20);
    index.replace(hash(1), from(1), newer);

    moves.apply(table, 0, COUNT);

    assertThat(index.contains(hash(1), newer)).isTrue();
    assertThat(index.contains(hash(1), to(1))).isFalse();
  }

  @Test
  void what_is_moved_counts_as_live_where_its_copy_is() {
    moves.apply(table, 0, 2);

    assertThat(target.liveBytes()).isEqualTo(2 * head.frameLength());
    assertThat(source.liveBytes()).isEqualTo(-2 * head.frameLength());
    assertThat(target.liveValueBytes()).isEqualTo(2 * VALUE_LENGTH);
    assertThat(source.liveValueBytes()).isEqualTo(-2 * VALUE_LENGTH);
  }
}
