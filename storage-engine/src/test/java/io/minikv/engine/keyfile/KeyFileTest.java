package io.minikv.engine.keyfile;

import static io.minikv.engine.keyfile.WrittenSegment.HASH;
import static io.minikv.engine.keyfile.WrittenSegment.backwards;
import static io.minikv.engine.keyfile.WrittenSegment.forwards;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.keyfile.WrittenSegment.Told;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.threads.Breather;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTest {

  private static final long SEED = Long.getLong("minikv.test.seed", new Random().nextLong());

  private final SimulatedDisk disk = new SimulatedDisk();
  private WrittenSegment written;

  @BeforeEach
  void begin() throws IOException {
    written = new WrittenSegment(disk);
  }

  @ParameterizedTest
  @CsvSource({
    "0,    1,   1",
    "1,    1,   1",
    "50,   3,   2",
    "3000, 900, 12",
    "500,  100, 3000",
    "40,   40,  60000",
    "400,  400, 60000",
    "3000, 1,   20"
  })
  void a_key_file_tells_every_record_in_both_directions(int writes, int keys, int keyLength)
      throws IOException {
    writeAtRandom(writes, keys, keyLength);
    KeyFile file = written.withKeyFile();

    List<Told> expected = written.inOrder();
    assertThat(file.entries()).isEqualTo(writes);
    assertThat(file.tombstones()).isEqualTo(expected.stream().filter(Told::tombstone).count());
    assertThat(file.lowestSequence()).isEqualTo(Math.min(1, writes));
    assertThat(file.highestSequence()).isEqualTo(writes);
    assertThat(forwards(file)).isEqualTo(expected);
    assertThat(backwards(file)).isEqualTo(expected.reversed());
  }

  @Tag("lengthy")
  @ParameterizedTest
  @CsvSource({"2000, 700, 3", "500, 80, 2000", "900, 2, 5"})
  void seeking_finds_the_neighbours_of_any_key(int writes, int keys, int keyLength)
      throws IOException {
    writeAtRandom(writes, keys, keyLength);
    KeyFile file = written.withKeyFile();
    List<Told> expected = written.inOrder();
    List<SortedRun> runs = new SegmentKeys(written.segment()).runs(written.segment().end());

    List<KeyRun> all = new ArrayList<>(runs);
    all.add(file);
    assertThat(runs).hasSize(1);
    for (Key key : keysAndNeighbours(expected)) {
      for (KeyRun run : all) {
        assertThat(seek(run, key)).isEqualTo(firstNotBelow(expected, key));
        assertThat(seekLast(run, key)).isEqualTo(lastNotAbove(expected, key));
      }
    }
  }

  @Test
  void a_cursor_turns_round_anywhere() throws IOException {
    writeAtRandom(2000, 700, 8);
    KeyCursor cursor = written.withKeyFile().cursor();
    List<Told> expected = written.inOrder();
    Random random = new Random(SEED);
    assertThat(cursor.first()).isTrue();
    int at = 0;
    for (int i = 0; i < 20_000; i++) {
      boolean forth = at == 0 || (at < expected.size() - 1 && random.nextInt(100) < 55);
      at += forth ? 1 : -1;
      assertThat(forth ? cursor.next() : cursor.previous()).isTrue();
      assertThat(Told.of(cursor.entry())).isEqualTo(expected.get(at));
    }
  }

  @Test
  void an_older_record_is_found_where_there_is_one_and_only_there() throws IOException {
    writeAtRandom(3000, 400, 4);
    KeyFile file = written.withKeyFile();
    Map<Key, Long> oldest = new HashMap<>();
    written.inOrder().forEach(told -> oldest.merge(told.key(), told.sequence(), Math::min));
    for (Map.Entry<Key, Long> each : oldest.entrySet()) {
      byte[] key = each.getKey().toByteArray();
      assertThat(file.mayContain(HASH.hash(key, 0, key.length))).isTrue();
      assertThat(file.holdsOlder(key, each.getValue())).isFalse();
      assertThat(file.holdsOlder(key, each.getValue() + 1)).isTrue();
    }
    assertThat(file.holdsOlder(new byte[] {1, 2, 3, 4, 5, 6}, Long.MAX_VALUE)).isFalse();
  }

  @Test
  void the_filter_says_no_for_most_keys_that_are_not_there() throws IOException {
    writeAtRandom(5000, 5000, 9);
    KeyFile file = written.withKeyFile();
    int found = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] key = ("absent-" + i).getBytes(UTF_8);
      found += file.mayContain(HASH.hash(key, 0, key.length)) ? 1 : 0;
    }
    assertThat(found)
        .isBetween(50, 150); // Of 10,000 one in a hundred, and five times the deviation of that.
  }

  @Test
  void a_key_file_of_a_segment_that_ends_elsewhere_is_refused() throws IOException {
    writeAtRandom(50, 20, 4);
    written.withKeyFile();
    long end = written.segment().end();
    SimulatedDisk copy = SimulatedDisk.from(disk.processKill());
    Segment shorter = WrittenSegment.reopen(copy, end - 8);

    assertThatExceptionOfType(DamagedKeyFileException.class)
        .isThrownBy(() -> KeyFile.open(copy, shorter))
        .withMessageContaining("ends at byte " + end);
  }

  @Test
  void a_closed_key_file_reads_nothing() throws IOException {
    writeAtRandom(50, 20, 4);
    KeyFile file = written.withKeyFile();
    KeyCursor cursor = file.cursor();

    file.close();

    assertThatExceptionOfType(MappingClosedException.class).isThrownBy(cursor::first);
  }

  @Tag("lengthy")
  @Test
  void keys_of_a_growing_segment_are_sorted_as_they_come() throws IOException {
    SegmentKeys keys = new SegmentKeys(written.segment());
    Random random = new Random(SEED);
    for (int round = 0; round < 300; round++) {
      written.writeAtRandom(random, 1 + random.nextInt(20), 300, 5);
      List<SortedRun> runs = keys.runs(written.segment().end());

      assertThat(runs.size()).isLessThan(10);
      long entries = runs.stream().mapToLong(SortedRun::entries).sum();
      assertThat(entries).isEqualTo(written.inOrder().size());
      for (SortedRun run : runs) {
        assertThat(run.first()).isLessThanOrEqualTo(run.last());
      }
    }
    EntrySource all = keys.inOrder(written.segment().end(), Breather.restless());
    assertThat(WrittenSegment.all(all)).as("seed %d", SEED).isEqualTo(written.inOrder());
  }

  private void writeAtRandom(int writes, int keys, int keyLength) throws IOException {
    IO.println("Random segment: -Dminikv.test.seed=" + SEED);
    written.writeAtRandom(new Random(SEED), writes, keys, keyLength);
  }

  private static List<Key> keysAndNeighbours(List<Told> all) {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < all.size(); i += 7) {
      byte[] bytes = all.get(i).key().toByteArray();
      keys.add(Key.copyOf(bytes));
      bytes[bytes.length - 1]++;
      keys.add(Key.copyOf(bytes));
      bytes[bytes.length - 1] = (byte) (bytes[bytes.length - 1] - 2);
      keys.add(Key.copyOf(bytes));
    }
    keys.add(Key.copyOf(new byte[] {0}));
    keys.add(Key.copyOf(new byte[] {-1, -1, -1}));
    return keys;
  }

  private static Optional<Told> seek(KeyRun run, Key key) throws IOException {
    KeyCursor cursor = run.cursor();
    return cursor.seek(key.toByteArray()) ? Optional.of(Told.of(cursor.entry())) : Optional.empty();
  }

  private static Optional<Told> seekLast(KeyRun run, Key key) throws IOException {
    KeyCursor cursor = run.cursor();
    return cursor.seekLast(key.toByteArray())
        ? Optional.of(Told.of(cursor.entry()))
        : Optional.empty();
  }

  private static Optional<Told> firstNotBelow(List<Told> all, Key key) {
    return all.stream().filter(told -> told.key().compareTo(key) >= 0).findFirst();
  }

  private static Optional<Told> lastNotAbove(List<Told> all, Key key) {
    return all.reversed().stream().filter(told -> told.key().compareTo(key) <= 0).findFirst();
  }
}
