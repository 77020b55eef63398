package io.minikv.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.SnapshotBlock;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.ExpirySpan;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What of a segment would be copied, what would come back, and what space a store has left. */
class ScalesTest {

  private static final CompactionSettings SETTINGS =
      new CompactionSettings(SmallStore.SEGMENT_BYTES, 1, 0.4, 0);
  private static final long VALUE_FILE = 99;

  private final HeldBack heldBack = new HeldBack();
  private SmallStore store;

  @BeforeEach
  void createStore() throws IOException {
    store = new SmallStore(new SimulatedDisk());
  }

  private SegmentWeight weigh(Segment segment) throws IOException {
    return store.scales(heldBack).weigh(segment);
  }

  // ---- what is dead

  @Test
  void overwritten_records_and_tombstones_are_dead_and_all_others_are_kept() throws IOException {
    long dead = store.put("a", 100) + store.put("b", 700);
    long live = store.put("c", 300) + store.put("a", 500);
    long tombstone = store.delete("b");

    SegmentWeight weight = weigh(store.roll());

    assertThat(weight.keptBytes()).isEqualTo(live);
    assertThat(weight.deadBytes()).isEqualTo(dead + tombstone);
  }

  @Test
  void a_segment_is_known_by_its_number_and_its_oldest_record() throws IOException {
    store.put("a", 1);
    store.roll();
    store.put("b", 1);
    store.put("c", 1);
    Segment second = store.roll();

    SegmentWeight weight = weigh(second);

    assertThat(weight.fileNumber()).isEqualTo(second.fileNumber());
    assertThat(weight.lowestSequence()).isEqualTo(2);
  }

  @Test
  void what_a_compaction_wrote_has_nothing_to_give() throws IOException {
    store.put("a", 100);
    long live = store.put("a", 200) + store.put("b", 300);
    store.compactor(SETTINGS, new WriterPace(1, () -> 0, _ -> {})).compact(ProgressListener.NONE);
    Segment copy = store.complete().getFirst();
    assertThat(copy.kind()).isEqualTo(SegmentHeader.Kind.COMPACTED);

    SegmentWeight weight = weigh(copy);

    assertThat(weight.keptBytes()).isEqualTo(live);
    assertThat(weight.deadBytes()).isZero();
  }

  @Test
  void of_records_that_expired_as_many_were_live_as_of_all() throws IOException {
    long length = 0;
    for (String key : new String[] {"a", "b", "c", "d"}) {
      length = store.putExpiring(key, 151);
    }
    assertThat(store.put("a", 159)).isEqualTo(length).isEqualTo(200);
    Segment segment = store.roll();

    assertThat(weigh(segment).keptBytes()).isEqualTo(4 * length);
    store.passMinute();

    // Four fifths of the four that expire are taken for live: 640 of 800 bytes.
    assertThat(weigh(segment).keptBytes()).isEqualTo(4 * length - 640);
    assertThat(weigh(segment).deadBytes()).isEqualTo(length + 640);
  }

  @Test
  void what_is_held_back_is_kept() throws IOException {
    store.put("b", 100);
    store.roll();
    store.put("a", 100);
    long live = store.put("a", 200);
    long tombstone = store.delete("b");
    Segment segment = store.roll();
    heldBack.add(segment.fileNumber(), tombstone, Set.of(1L));

    assertThat(weigh(segment).keptBytes()).isEqualTo(live + tombstone);
  }

  @Test
  void a_segment_without_records_has_nothing_to_keep() throws IOException {
    Segment empty = new Segments().create(7, 0, 0);

    SegmentWeight weight = weigh(empty);

    assertThat(weight.keptBytes()).isZero();
    assertThat(weight.deadBytes()).isZero();
    assertThat(weight.keyBytes()).isZero();
  }

  @Test
  void value_files_of_dead_records_come_back_with_the_segment() throws IOException {
    long overwritten = store.put("a", 100);
    store.put("a", 100);
    Segment segment = store.roll();
    ValueFiles values = store.table().values();
    values.name(segment.fileNumber(), VALUE_FILE, 1, 10_000);

    assertThat(weigh(segment).deadBytes()).isEqualTo(overwritten);
    values.markDead(VALUE_FILE);

    assertThat(weigh(segment).deadBytes()).isEqualTo(overwritten + values.bytes());
  }

  // ---- what else a copy takes

  @Test
  void a_copy_gets_a_key_file_in_proportion_to_what_is_kept() throws IOException {
    store.put("a", 100);
    store.put("a", 100);
    store.put("b", 100);
    store.put("b", 100);
    Segment segment = store.roll();
    long length = Objects.requireNonNull(store.keyFiles().file(segment)).length();

    assertThat(weigh(segment).keyBytes()).isEqualTo(length / 2);
  }

  // ---- after a restart

  @Test
  void after_a_restart_it_is_looked_up_in_the_records_when_they_expire() throws IOException {
    long length = store.putExpiring("a", 100);
    long lasting = store.put("b", 100);
    long number = store.roll().fileNumber();
    store = store.reopened();
    Segment segment = store.table().segments().get(number);
    assertThat(segment.expiries()).isNull();

    assertThat(weigh(segment).keptBytes()).isEqualTo(length + lasting);
    store.passMinute();

    assertThat(weigh(segment).keptBytes()).isEqualTo(lasting);
    assertThat(segment.expiries()).isNotNull();
  }

  @Test
  void what_is_known_of_expiries_is_not_looked_up_again() throws IOException {
    long length = store.put("a", 100);
    Segment segment = store.roll();
    ExpirySpan known = new ExpirySpan();
    known.add(1, 40);
    segment.setExpiries(known);

    assertThat(weigh(segment).keptBytes()).isEqualTo(length - 40);
    assertThat(segment.expiries()).isSameAs(known);
  }

  // ---- the space of a store

  @Test
  void a_store_may_take_twice_its_live_data_and_two_segments() throws IOException {
    long live = 0;
    for (int i = 0; i < 30; i++) {
      store.put("key-" + i, 500);
      live += store.put("key-" + i, 300);
    }
    ValueFiles values = store.table().values();
    values.name(store.complete().getFirst().fileNumber(), VALUE_FILE, 1, 10_000);
    final long valueFile = values.bytes();
    long taken = bytesOfFiles() + SnapshotBlock.totalLength(30) + valueFile;
    long segments = 2 * SmallStore.SEGMENT_BYTES;

    assertThat(bytesLeft()).isEqualTo(2 * (live + valueFile) + segments - taken);

    values.markDead(VALUE_FILE);
    assertThat(bytesLeft()).isEqualTo(2 * live + segments - taken);
  }

  private long bytesLeft() {
    return store.scales(heldBack).bytesLeft(store.table(), SmallStore.SEGMENT_BYTES);
  }

  /** Of segments and their key files. */
  private long bytesOfFiles() {
    DiskImage image = store.disk().processKill();
    return image.names().stream()
        .filter(name ->
            FileNames.segmentNumber(name).isPresent() || FileNames.keysNumber(name).isPresent())
        .mapToLong(name -> image.bytes(name).length)
        .sum();
  }
}
