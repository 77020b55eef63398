package io.minikv.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Cursor;
import io.minikv.domain.CursorExpiredException;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.StoreClosedException;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.segment.Segment;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cursor shows the newest versions of a view in order, and fails where it cannot. */
class CursorTest {

  private static final Cleaner CLEANER = Cleaner.create();

  private final Records records = new Records();
  private final KeyFiles keyFiles = records.keyFiles();
  private final MutableClock clock = new MutableClock();
  private boolean storeClosed;

  CursorTest() throws IOException {}

  // ---- what it shows

  @Test
  void of_each_key_the_newest_version_of_any_segment_is_shown() throws IOException {
    records.put(Key.of("a"), "former");
    records.put(Key.of("a-longer-key"), "kept");
    records.put(Key.of("deleted"), "former");
    records.beginSegment();
    records.put(Key.of("a"), "latter");
    records.delete(Key.of("deleted"));

    try (Cursor cursor = open(ScanOptions.DEFAULT)) {
      assertThat(shown(cursor)).containsExactly("a=latter", "a-longer-key=kept");
    }
    try (Cursor cursor = open(ScanOptions.DEFAULT.backwards())) {
      assertThat(shown(cursor)).containsExactly("a-longer-key=kept", "a=latter");
    }
  }

  @Test
  void what_is_written_after_it_was_opened_is_not_shown() throws IOException {
    records.put(Key.of("k"), "before");
    try (Cursor cursor = open(ScanOptions.DEFAULT)) {
      records.put(Key.of("k"), "after");
      records.put(Key.of("l"), "after");

      assertThat(shown(cursor)).containsExactly("k=before");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3, 4, 5, 299, 300, 301, Long.MAX_VALUE})
  void it_shows_as_many_entries_as_the_limit_allows(long limit) throws IOException {
    putMany(300);

    try (Cursor cursor = open(ScanOptions.DEFAULT.limitedTo(limit))) {
      assertThat(shown(cursor)).hasSize((int) Math.min(limit, 300));
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  void an_entry_tells_about_itself() throws IOException {
    records.put(Key.of("k"), "value");
    try (Cursor cursor = open(ScanOptions.DEFAULT.keysOnly())) {
      assertThat(cursor.next()).isTrue();

      assertThat(cursor.key()).isEqualTo(Key.of("k"));
      assertThat(cursor.info().valueLength()).isEqualTo(5);
      assertThat(cursor.info().key()).isEqualTo(Key.of("k"));
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(cursor::value);
    }
  }

  // ---- what ends it

  @Test
  void it_has_no_position_before_its_first_entry_and_behind_its_last() throws IOException {
    records.put(Key.of("k"), "value");
    try (Cursor cursor = open(ScanOptions.DEFAULT)) {
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(cursor::key);
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.next()).isFalse();
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(cursor::value);
    }
  }

  @Test
  void it_expires_at_its_greatest_age() throws IOException {
    putMany(5);
    try (Cursor cursor = open(ScanOptions.DEFAULT.withMaxAge(Duration.ofSeconds(10)))) {
      clock.advance(Duration.ofMillis(9_999));
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value().utf8()).isEqualTo("value 0");

      clock.advance(Duration.ofMillis(1));

      assertThatExceptionOfType(CursorExpiredException.class).isThrownBy(cursor::next);
      assertThatExceptionOfType(CursorExpiredException.class).isThrownBy(cursor::value);
      assertThatExceptionOfType(CursorExpiredException.class).isThrownBy(cursor::info);
    }
  }

  @Test
  void a_closed_cursor_or_store_shows_nothing() throws IOException {
    putMany(5);
    Cursor cursor = open(ScanOptions.DEFAULT);
    assertThat(cursor.next()).isTrue();

    storeClosed = true;
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(cursor::next);
    storeClosed = false;
    cursor.close();

    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(cursor::next);
  }

  @Test
  void segments_that_were_closed_with_the_store_end_it() throws IOException {
    putMany(50);
    try (Cursor cursor = open(ScanOptions.DEFAULT)) {
      assertThat(cursor.next()).isTrue();

      records.segment().close();

      assertThatExceptionOfType(StoreClosedException.class).isThrownBy(cursor::value);
      assertThatExceptionOfType(StoreClosedException.class).isThrownBy(cursor::info);
    }
  }

  @Test
  void it_keeps_its_segments_until_it_is_closed() throws IOException {
    putMany(5);
    Segment segment = records.segment();
    List<Segment> gone = new ArrayList<>();
    Cursor cursor = open(ScanOptions.DEFAULT);
    segment.retire(() -> gone.add(segment));
    assertThat(shown(cursor)).hasSize(5);
    assertThat(gone).isEmpty();

    cursor.close();

    assertThat(gone).containsExactly(segment);
  }

  // ---- damage

  @Test
  void a_damaged_value_is_told_and_the_others_are_shown() throws IOException {
    records.put(Key.of("a"), "12345678".repeat(10));
    long behind = records.put(Key.of("b"), "whole");
    records.damage(records.segment().name(), behind - 20);
    try (Cursor cursor = open(ScanOptions.DEFAULT)) {
      assertThat(cursor.next()).isTrue();
      assertThatThrownBy(cursor::value)
          .isInstanceOfSatisfying(
              DamagedDataException.class,
              e -> {
                assertThat(e.key()).contains(Key.of("a"));
                assertThat(e.file()).isEqualTo(records.segment().name());
              });
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.value().utf8()).isEqualTo("whole");
    }
  }

  @Test
  void a_damaged_head_is_told_when_the_keys_are_sorted() throws IOException {
    records.put(Key.of("a"), "whole");
    records.damage(records.segment().name(), records.put(Key.of("b"), "damaged") + 8);
    try (Cursor cursor = open(ScanOptions.DEFAULT)) {
      assertThatExceptionOfType(DamagedDataException.class)
          .isThrownBy(cursor::next)
          .withMessageStartingWith("An entry cannot be read");
      assertThatExceptionOfType(IllegalStateException.class).isThrownBy(cursor::key);
    }
  }

  @Test
  void a_damaged_key_file_is_told_of_and_the_scan_goes_on_without_it() throws IOException {
    putMany(2000);
    Segment segment = records.withKeyFile(keyFiles);
    try (Cursor cursor = open(ScanOptions.DEFAULT)) {
      List<String> shown = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        assertThat(cursor.next()).isTrue();
        shown.add(cursor.key().utf8() + "=" + cursor.value().utf8());
      }
      assertThat(keyFiles.file(segment)).isNotNull();
      records.damageKeyFile(segment);

      shown.addAll(shown(cursor));

      assertThat(shown).hasSize(2000).doesNotHaveDuplicates().isSorted();
      assertThat(keyFiles.file(segment)).isNull();
    }
  }

  private void putMany(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      records.put(Key.of("key-%04d".formatted(i)), "value " + i);
    }
  }

  private Cursor open(ScanOptions options) {
    View view = records.view();
    KeyMerge keys =
        new KeyMerge(view, keyFiles, KeyRange.all(), options.direction(), clock.millis());
    Values values = new Values(records.table().values());
    ReadAhead ahead = new ReadAhead(keys, options, _ -> {});
    return new ViewCursor(view, values, ahead, options, clock, () -> storeClosed, CLEANER);
  }

  private static List<String> shown(Cursor cursor) {
    List<String> shown = new ArrayList<>();
    while (cursor.next()) {
      shown.add(cursor.key().utf8() + "=" + cursor.value().utf8());
    }
    return shown;
  }
}
