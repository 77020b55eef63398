package io.minikv.engine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.format.StoredValue;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentSet;
import io.minikv.engine.segment.SegmentWriter;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which record of a key is live, and what that counts to. */
class EntryTableTest {

  private static final StoreId STORE = new StoreId(1, 2);
  private static final Key KEY = Key.of("key");
  private static final Key OTHER = Key.of("other");

  /** All keys have it, so that only their records tell them apart. */
  private static final long HASH = 42;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final SegmentSet segments = new SegmentSet();
  private final ShardedIndex index = new ShardedIndex();
  private final ValueFiles values = new ValueFiles(disk, STORE);
  private final EntryTable table = new EntryTable(index, segments, new KeyHasher(7), values);
  private SegmentWriter writer;
  private long sequence;

  @BeforeEach
  void createSegment() throws IOException {
    writer =
        SegmentWriter.create(
            disk, new SegmentHeader(SegmentHeader.Kind.LOG, STORE, 3, 0), 64 << 10);
    segments.add(writer.segment());
  }

  @Test
  void keys_of_one_hash_are_told_apart_by_their_records() throws IOException {
    LiveRecord one = put(KEY, "1");
    LiveRecord two = put(OTHER, "22");

    assertThat(table.find(KEY, HASH).record()).isEqualTo(one);
    assertThat(table.find(OTHER, HASH).record()).isEqualTo(two);
    assertThat(table.find(Key.of("third"), HASH)).isNull();
    assertThat(table.find(KEY, HASH + 1)).isNull();
    assertThat(table.keys()).isEqualTo(2);
  }

  @Test
  void what_is_live_is_counted_in_its_segment_and_together() throws IOException {
    LiveRecord one = put(KEY, "12345");
    LiveRecord two = put(OTHER, "123");

    assertThat(segment().liveBytes()).isEqualTo(one.frameLength() + two.frameLength());
    assertThat(segment().liveValueBytes()).isEqualTo(8);
    assertThat(table.valueBytes()).isEqualTo(8);
  }

  @Test
  void a_record_that_is_overwritten_is_dead() throws IOException {
    LiveRecord former = put(KEY, "former");
    LiveRecord latter = write(KEY, "new");
    table.put(KEY, HASH, latter, former);

    assertThat(table.find(KEY, HASH).record()).isEqualTo(latter);
    assertLive(latter);
    assertThat(table.isLive(HASH, former.location())).isFalse();
    assertThat(table.isLive(HASH, latter.location())).isTrue();
  }

  @Test
  void a_record_that_was_moved_since_it_was_looked_up_is_overwritten_where_it_is()
      throws IOException {
    LiveRecord former = put(KEY, "former");
    LiveRecord moved = write(KEY, "former");
    assertThat(move(former, moved)).isTrue();
    LiveRecord latter = write(KEY, "new");
    table.put(KEY, HASH, latter, former);

    assertThat(table.keys()).isOne();
    assertThat(table.find(KEY, HASH).record()).isEqualTo(latter);
    assertLive(latter);
  }

  @Test
  void a_record_that_was_removed_since_it_was_looked_up_is_not_counted_twice() throws IOException {
    LiveRecord former = put(KEY, "former");
    table.removeIfAt(HASH, former);
    LiveRecord latter = write(KEY, "new");
    table.put(KEY, HASH, latter, former);

    assertThat(table.keys()).isOne();
    assertLive(latter);
  }

  @Test
  void the_value_file_of_a_record_is_dead_with_it() throws IOException {
    LiveRecord first = writeExternal(11);
    LiveRecord second = writeExternal(12);
    table.put(KEY, HASH, first, null);
    assertThat(values.deadBytes(3)).isZero();

    table.put(KEY, HASH, second, first);
    assertThat(values.deadBytes(3)).isEqualTo(values.bytes(3) / 2).isPositive();
    table.remove(KEY, HASH, second);
    assertThat(values.deadBytes(3)).isEqualTo(values.bytes(3));
  }

  @Test
  void a_key_that_is_removed_is_gone_and_counts_nothing() throws IOException {
    LiveRecord record = put(KEY, "value");

    table.remove(KEY, HASH, record);

    assertThat(table.find(KEY, HASH)).isNull();
    assertNothingLive();
  }

  @Test
  void a_record_that_was_moved_since_it_was_looked_up_is_removed_where_it_is() throws IOException {
    LiveRecord former = put(KEY, "value");
    LiveRecord moved = write(KEY, "value");
    move(former, moved);

    table.remove(KEY, HASH, former);

    assertThat(table.find(KEY, HASH)).isNull();
    assertNothingLive();
  }

  @Test
  void a_key_that_is_removed_twice_counts_once() throws IOException {
    LiveRecord record = put(KEY, "value");
    table.remove(KEY, HASH, record);

    table.remove(KEY, HASH, record);
    table.removeIfAt(HASH, record);

    assertNothingLive();
  }

  @Test
  void a_record_that_is_not_live_any_more_is_not_moved() throws IOException {
    LiveRecord former = put(KEY, "value");
    LiveRecord latter = write(KEY, "new");
    table.put(KEY, HASH, latter, former);

    assertThat(move(former, write(KEY, "value"))).isFalse();
    assertThat(table.find(KEY, HASH).record()).isEqualTo(latter);
    assertLive(latter);
  }

  @Test
  void a_move_takes_the_bytes_to_the_segment_of_the_copy() throws IOException {
    LiveRecord original = put(KEY, "value");
    final Segment left = segment();
    writer =
        SegmentWriter.create(
            disk, new SegmentHeader(SegmentHeader.Kind.COMPACTED, STORE, 4, 0), 64 << 10);
    segments.add(writer.segment());
    LiveRecord copy = write(KEY, "value");

    assertThat(move(original, copy)).isTrue();

    assertThat(left.liveBytes()).isZero();
    assertThat(left.liveValueBytes()).isZero();
    assertLive(copy);
  }

  @Test
  void what_a_lookup_found_is_current_until_its_key_changes() throws IOException {
    assertThat(table.isCurrent(HASH, null)).isTrue();
    LiveRecord former = put(KEY, "value");
    Found found = table.find(KEY, HASH);

    assertThat(table.isCurrent(HASH, null)).isFalse();
    assertThat(table.isCurrent(HASH, found)).isTrue();
    table.put(KEY, HASH, write(KEY, "new"), former);
    assertThat(table.isCurrent(HASH, found)).isFalse();
  }

  @Test
  void a_damaged_record_is_not_read_but_can_be_replaced() throws IOException {
    LiveRecord record = put(KEY, "value");
    damageHead(record);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> table.find(KEY, HASH));
    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> table.read(record.location()));
    Found found = table.findToReplace(KEY, HASH);
    assertThat(found.record())
        .isEqualTo(new LiveRecord(record.location(), 0, 0, LiveRecord.NO_VALUE_FILE));
    assertThatExceptionOfType(DamagedSegmentException.class).isThrownBy(found::intactHead);
  }

  @Test
  void where_records_lie_is_told_by_their_locations() throws IOException {
    LiveRecord one = put(KEY, "1");
    LiveRecord two = put(OTHER, "2");

    assertThat(table.locations()).containsExactlyInAnyOrder(one.location(), two.location());
    Found found = table.read(two.location());
    assertThat(found.intactHead().key()).isEqualTo(OTHER);
    assertThat(found.offset()).isEqualTo(Location.offset(two.location()));
    assertThat(found.segment()).isSameAs(segment());
  }

  @Test
  void what_a_table_consists_of_can_be_had_from_it() {
    assertThat(table.index()).isSameAs(index);
    assertThat(table.segments()).isSameAs(segments);
    assertThat(table.values()).isSameAs(values);
  }

  @Test
  void slots_are_touched_where_lookups_begin() throws IOException {
    put(KEY, "value");

    table.touch(new long[] {HASH, HASH}, 0, 2);

    assertThat(index).hasToString("1 entries, checksum of touched slots " + 2 * ~HASH);
  }

  @Test
  void what_was_counted_before_is_taken_as_it_is() {
    table.addLive(segment(), 100, 30);

    assertThat(segment().liveBytes()).isEqualTo(100);
    assertThat(segment().liveValueBytes()).isEqualTo(30);
    assertThat(table.valueBytes()).isEqualTo(30);
  }

  @Test
  void a_key_and_its_bytes_have_the_same_hash_and_another_seed_gives_another_one() {
    byte[] bytes = "--key--".getBytes(StandardCharsets.UTF_8);

    assertThat(table.hash(bytes, 2, 3)).isEqualTo(table.hash(KEY));
    assertThat(table.hash(KEY)).isNotEqualTo(table.hash(OTHER));
    assertThat(new KeyHasher(8).hash(KEY)).isNotEqualTo(table.hash(KEY));
  }

  private Segment segment() {
    return writer.segment();
  }

  private LiveRecord put(Key key, String value) throws IOException {
    LiveRecord record = write(key, value);
    table.put(key, HASH, record, null);
    return record;
  }

  private LiveRecord write(Key key, String value) throws IOException {
    return write(EncodedFrame.of(Mutation.Put.of(key, Value.of(value)), false));
  }

  private LiveRecord writeExternal(long fileNumber) throws IOException {
    values.name(segment().fileNumber(), fileNumber, KEY.length(), 1000);
    Mutation.Put put = Mutation.Put.of(KEY, Value.of(""));
    return write(EncodedFrame.of(put, StoredValue.external(fileNumber, 1000), false));
  }

  private LiveRecord write(EncodedFrame frame) throws IOException {
    frame.stamp(++sequence, 0);
    writer.reserve(frame.length());
    long offset = writer.append(frame);
    return LiveRecord.of(Location.of(segment().fileNumber(), offset), segment().head(offset));
  }

  private boolean move(LiveRecord from, LiveRecord to) {
    return table.move(HASH, from.location(), to.location(), to.frameLength(), to.valueLength());
  }

  private void damageHead(LiveRecord record) throws IOException {
    try (DiskFile file = disk.open(segment().name(), Disk.Access.READ_WRITE)) {
      long at = Location.offset(record.location()) + 8;
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(at, one);
      one.put(0, (byte) ~one.get(0));
      file.write(at, one.flip());
    }
  }

  private void assertLive(LiveRecord record) {
    assertThat(segment().liveBytes()).isEqualTo(record.frameLength());
    assertThat(segment().liveValueBytes()).isEqualTo(record.valueLength());
    assertThat(table.valueBytes()).isEqualTo(record.valueLength());
  }

  private void assertNothingLive() {
    assertThat(table.keys()).isZero();
    assertThat(segment().liveBytes()).isZero();
    assertThat(segment().liveValueBytes()).isZero();
    assertThat(table.valueBytes()).isZero();
  }
}
