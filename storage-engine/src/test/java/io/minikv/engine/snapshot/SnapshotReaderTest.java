package io.minikv.engine.snapshot;

import static io.minikv.engine.snapshot.WrittenSnapshot.SEGMENT;
import static io.minikv.engine.snapshot.WrittenSnapshot.SEQUENCE;
import static io.minikv.engine.snapshot.WrittenSnapshot.covered;
import static io.minikv.engine.snapshot.WrittenSnapshot.entries;
import static io.minikv.engine.snapshot.WrittenSnapshot.header;
import static io.minikv.engine.snapshot.WrittenSnapshot.location;
import static io.minikv.engine.snapshot.WrittenSnapshot.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.SnapshotBlock;
import io.minikv.engine.format.SnapshotHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.index.ShardedIndex;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is loaded of an index snapshot, and what is not taken from one that is damaged. */
@Timeout(60)
class SnapshotReaderTest {

  private static final long SEED = 7;
  private static final String NAME = "INDEX-00000000000000000034";

  /** So many that threads share the work, where there are processors for them. */
  private static final int MANY = 200_000;

  /** The bits of a hash that do not select its shard. */
  private static final long BELOW_SHARD = -1L >>> 12;

  private final SimulatedDisk disk = new SimulatedDisk();

  // ---- what is loaded

  @ParameterizedTest(name = "{0} entries")
  @ValueSource(ints = {0, 1, 4095, 4096, 4097, 8192, 20_000})
  void an_index_is_loaded_as_it_was_written(int count) throws Exception {
    assertLoaded(pairs(new Random(SEED).longs(count)));
  }

  /** How hashes are spread. */
  private enum Spread {
    EVEN,
    FIRST_SHARD,
    LAST_SHARD,
    /** The first of those that the second one of two threads loads. */
    MIDDLE_SHARD,
    BOTH_ENDS,
    ONE_HASH;

    LongStream hashes(int count) {
      LongStream random = new Random(SEED).longs(count);
      return switch (this) {
        case EVEN -> random;
        case FIRST_SHARD -> random.map(hash -> hash & BELOW_SHARD);
        case LAST_SHARD -> random.map(hash -> hash | ~BELOW_SHARD);
        case MIDDLE_SHARD -> random.map(hash -> (hash & BELOW_SHARD) | Long.MIN_VALUE);
        case BOTH_ENDS -> random.map(hash -> hash & (Long.MIN_VALUE | BELOW_SHARD));
        case ONE_HASH -> LongStream.range(0, 5_000).map(_ -> 0x7FF1_2345L << 32);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void many_entries_are_loaded_however_their_hashes_are_spread(Spread spread) throws Exception {
    assertLoaded(pairs(spread.hashes(MANY)));
  }

  private void assertLoaded(long[] pairs) throws IOException, FormatException {
    WrittenSnapshot.write(disk, pairs);
    try (SnapshotReader reader = SnapshotReader.open(disk, NAME)) {
      ShardedIndex index = new ShardedIndex();
      reader.verify();
      reader.load(index, Set.of(SEGMENT));

      assertThat(index.size()).isEqualTo(pairs.length / 2);
      assertThat(entries(index)).isEqualTo(pairs);
      for (int i = 0; i < pairs.length; i += 2) {
        assertThat(index.contains(pairs[i], pairs[i + 1])).isTrue();
      }
    }
  }

  @Test
  void entries_of_segments_that_are_not_live_are_left_out() throws Exception {
    long gone = Location.of(9, 64);
    long[] written = {1, gone, 2, location(0), 2, gone, 1L << 60, gone, -1, location(1)};
    WrittenSnapshot.write(
        disk,
        header(SEQUENCE, 5, 2),
        List.of(covered(SEGMENT, written), covered(9, written)),
        written);

    try (SnapshotReader reader = SnapshotReader.open(disk, NAME)) {
      ShardedIndex index = new ShardedIndex();
      reader.load(index, Set.of(SEGMENT));

      assertThat(entries(index)).containsExactly(2, location(0), -1, location(1));
    }
  }

  @Test
  void it_tells_what_its_file_tells() throws Exception {
    SnapshotHeader header = header(SEQUENCE, 1, 2);
    List<SnapshotSegment> segments =
        List.of(
            new SnapshotSegment(4, 3_552, 800, 500, 1, 20),
            new SnapshotSegment(8, 4_096, 1_000, 700, 21, 34));
    WrittenSnapshot.write(disk, header, segments, 5, location(0));

    try (SnapshotReader reader = SnapshotReader.open(disk, NAME)) {
      assertThat(reader.name()).isEqualTo(NAME);
      assertThat(reader.header()).isEqualTo(header);
      assertThat(reader.segments()).isEqualTo(segments);
      assertThat(reader.length())
          .isEqualTo(header.fileLength())
          .isEqualTo(disk.processKill().bytes(NAME).length);
    }
    OpenFiles.requireNone(disk);
  }

  // ---- damage

  @ParameterizedTest(name = "entry {0}")
  @ValueSource(ints = {1, 4095, 4096, 9_999})
  void entries_out_of_order_are_damage(int entry) throws Exception {
    long[] pairs = pairs(new Random(SEED).longs(10_000));
    pairs[2 * entry] = pairs[2 * entry - 2] - 1;
    WrittenSnapshot.write(disk, pairs);

    assertRefused("has entries that are not in the order of their hashes");
  }

  @Test
  void blocks_out_of_order_are_damage_whichever_thread_reads_them() throws Exception {
    long[] pairs = pairs(new Random(SEED).longs(MANY).map(hash -> hash | Long.MIN_VALUE));
    int middle = 24 * SnapshotBlock.ENTRIES;
    for (int entry = middle; entry < middle + SnapshotBlock.ENTRIES; entry++) {
      pairs[2 * entry] &= Long.MAX_VALUE;
    }
    WrittenSnapshot.write(disk, pairs);

    assertRefused("has entries that are not in the order of their hashes");
  }

  @ParameterizedTest(name = "block {0}")
  @ValueSource(ints = {0, 1, 47, 48})
  void a_damaged_block_is_found_wherever_it_is(int block) throws Exception {
    WrittenSnapshot.write(disk, pairs(new Random(SEED).longs(MANY)));
    long offset = header(SEQUENCE, MANY, 1).blocksAt() + (long) block * SnapshotBlock.LENGTH;
    flip(offset + 1_000);

    assertRefused("has entries whose checksum does not fit, at byte " + offset);
  }

  @Test
  void an_entry_that_points_to_what_is_not_covered_is_damage() throws Exception {
    WrittenSnapshot.write(disk, 5, location(0), 6, location(2));

    try (SnapshotReader reader = SnapshotReader.open(disk, NAME)) {
      assertDamaged(
          () -> reader.load(new ShardedIndex(), Set.of(SEGMENT)),
          "has an entry that points to what it does not cover");
    }
  }

  @Test
  void a_file_that_is_cut_while_it_is_read_is_damage() throws Exception {
    WrittenSnapshot.write(disk, pairs(new Random(SEED).longs(10_000)));
    try (SnapshotReader reader = SnapshotReader.open(disk, NAME);
        DiskFile file = disk.open(NAME, Disk.Access.READ_WRITE)) {
      file.truncate(reader.length() - 1);

      assertDamaged(() -> reader.load(new ShardedIndex(), Set.of(SEGMENT)), "ends too early");
      assertDamaged(reader::verify, "ends too early");
    }
  }

  @Test
  void a_file_with_the_name_of_another_one_is_refused() throws Exception {
    WrittenSnapshot.write(disk, 5, location(0));
    disk.rename(NAME, "INDEX-00000000000000000035");

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> SnapshotReader.open(disk, "INDEX-00000000000000000035"))
        .withMessage("has the name of another one")
        .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FormatException.Kind.FOREIGN));
    OpenFiles.requireNone(disk);
  }

  @Test
  void a_file_that_is_shorter_than_a_header_is_refused_and_closed() throws Exception {
    disk.create(NAME).close();

    assertDamaged(() -> SnapshotReader.open(disk, NAME), "ends within its header, after 0 bytes");
    OpenFiles.requireNone(disk);
  }

  // ---- a disk that fails

  @Test
  void a_failing_disk_is_reported_whichever_block_it_fails_at() throws Exception {
    WrittenSnapshot.write(disk, pairs(new Random(SEED).longs(MANY)));
    for (Exception failure :
        List.of(new IOException("injected"), new IllegalStateException("injected"))) {
      for (int block : new int[] {0, 48}) {
        long offset = header(SEQUENCE, MANY, 1).blocksAt() + (long) block * SnapshotBlock.LENGTH;
        disk.listen(failing(offset, failure));
        try (SnapshotReader reader = SnapshotReader.open(disk, NAME)) {
          assertThatExceptionOfType(failure.getClass())
              .isThrownBy(() -> reader.load(new ShardedIndex(), Set.of(SEGMENT)))
              .isSameAs(failure);
        }
        disk.listen(DiskListener.NONE);
      }
    }
    OpenFiles.requireNone(disk);
  }

  private static DiskListener failing(long position, Exception failure) {
    return new DiskListener() {
      @Override
      public void before(Operation operation) throws IOException {
        if (operation.type() == OperationType.READ && operation.position() == position) {
          if (failure instanceof IOException e) {
            throw e;
          }
          throw (RuntimeException) failure;
        }
      }
    };
  }

  // ---- helpers

  /** Neither a verification nor a load lets it pass. */
  private void assertRefused(String message) throws IOException, FormatException {
    try (SnapshotReader reader = SnapshotReader.open(disk, NAME)) {
      assertDamaged(reader::verify, message);
      assertDamaged(() -> reader.load(new ShardedIndex(), Set.of(SEGMENT)), message);
    }
  }

  private static void assertDamaged(ThrowingCallable read, String message) {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(read)
        .withMessage(message)
        .satisfies(damage -> assertThat(damage.kind()).isEqualTo(FormatException.Kind.DAMAGED));
  }

  private void flip(long position) throws IOException {
    try (DiskFile file = disk.open(NAME, Disk.Access.READ_WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(position, one);
      one.put(0, (byte) ~one.get(0));
      file.write(position, one.flip());
    }
  }
}
