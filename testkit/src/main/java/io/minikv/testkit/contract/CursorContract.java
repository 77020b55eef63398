package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Capability;
import io.minikv.domain.Cursor;
import io.minikv.domain.CursorExpiredException;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.Value;
import io.minikv.domain.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How a single cursor behaves, and what it sees of later writes: nothing. */
interface CursorContract extends StoreUnderTest {

  @Test
  default void aCursorHasNoPositionBeforeTheFirstNext() {
    putAll("a");
    try (Cursor cursor = store().scan(KeyRange.all())) {
      assertNoPosition(cursor);
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(bytes("a"));
    }
  }

  @Test
  default void aCursorHasNoPositionBehindTheLastEntry() {
    putAll("a");
    try (Cursor cursor = store().scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.next()).isFalse();
      assertNoPosition(cursor);
      assertThat(cursor.next()).isFalse();
      assertNoPosition(cursor);
    }
  }

  @Test
  default void aCursorHasNoPositionBehindItsLimit() {
    putAll("a", "b");
    try (Cursor cursor = store().scan(KeyRange.all(), ScanOptions.DEFAULT.limitedTo(1))) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.next()).isFalse();
      assertNoPosition(cursor);
    }
  }

  @Test
  default void thePositionCanBeReadSeveralTimes() {
    putAll("a", "b");
    try (Cursor cursor = store().scan(KeyRange.all())) {
      while (cursor.next()) {
        Entry entry = cursor.entry();
        assertThat(cursor.entry()).isEqualTo(entry);
        assertThat(cursor.key()).isEqualTo(entry.key());
        assertThat(cursor.info()).isEqualTo(entry.info());
        assertThat(cursor.value()).isEqualTo(entry.value());
      }
    }
  }

  @Test
  default void keysAndValuesAreReadIntoArrays() {
    Random random = new Random(10);
    Map<Key, byte[]> written = new LinkedHashMap<>();
    for (int length : new int[] {0, 1, 100, 4_096, 65_537, 300_000}) {
      byte[] value = new byte[length];
      random.nextBytes(value);
      Key key = bytes("key-" + written.size());
      store().put(key, Value.copyOf(value));
      written.put(key, value);
    }
    try (Cursor cursor = store().scan(KeyRange.all())) {
      for (Map.Entry<Key, byte[]> each : written.entrySet()) {
        assertThat(cursor.next()).isTrue();
        int length = each.getValue().length;
        byte[] key = new byte[8];
        byte[] value = new byte[length + 3];
        assertThat(cursor.readKey(key)).isEqualTo(5);
        assertThat(key).isEqualTo(Arrays.copyOf(each.getKey().toByteArray(), 8));
        assertThat(cursor.readValue(value)).isEqualTo(length);
        assertThat(value).isEqualTo(Arrays.copyOf(each.getValue(), length + 3));
      }
    }
  }

  @Test
  default void ofWhatIsTooLongForTheArrayACursorReadsTheBeginning() {
    byte[] value = new byte[100_000];
    new Random(11).nextBytes(value);
    store().put(bytes("abc"), Value.copyOf(value));
    try (Cursor cursor = store().scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      for (int room : new int[] {0, 1, 99_999}) {
        byte[] target = new byte[room];
        assertThat(cursor.readValue(target)).isEqualTo(100_000);
        assertThat(target).isEqualTo(Arrays.copyOf(value, room));
      }
      byte[] key = new byte[2];
      assertThat(cursor.readKey(key)).isEqualTo(3);
      assertThat(key).asString().isEqualTo("ab");
      assertThat(cursor.readKey(new byte[0])).isEqualTo(3);
    }
  }

  @Test
  default void aCursorForKeysOnlyHasNoValues() {
    putAll("a");
    try (Cursor cursor = store().scan(KeyRange.all(), ScanOptions.DEFAULT.keysOnly())) {
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(bytes("a"));
      assertThat(cursor.info()).isEqualTo(store().info(bytes("a")).orElseThrow());
      assertThatThrownBy(cursor::value).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> cursor.readValue(new byte[1]))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(cursor::entry).isInstanceOf(IllegalStateException.class);
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  default void aClosedCursorGivesNothingMore() {
    putAll("a", "b");
    Cursor cursor = store().scan(KeyRange.all());
    assertThat(cursor.next()).isTrue();
    cursor.close();
    assertThatThrownBy(cursor::next).isInstanceOf(StoreClosedException.class);
    assertThatCode(cursor::close).doesNotThrowAnyException();
    assertThat(entries()).hasSize(2);
  }

  @Test
  default void aCursorSeesNoLaterWrite() {
    requires(Capability.CONSISTENT_VIEWS);
    putAll("b", "d", "f");
    List<Entry> expected = entries();
    try (Cursor cursor = store().scan(KeyRange.all())) {
      changeEverything();
      assertThat(StoreUnderTest.rest(cursor)).isEqualTo(expected);
    }
    assertThat(keys(KeyRange.all(), ScanOptions.DEFAULT)).containsExactly("a", "c", "d", "g");
  }

  @Test
  default void aCursorThatGoesBackwardsSeesNoLaterWrite() {
    requires(Capability.CONSISTENT_VIEWS);
    requires(Capability.BACKWARD_SCANS);
    putAll("b", "d", "f");
    List<Entry> expected = entries();
    try (Cursor cursor = store().scan(KeyRange.all(), ScanOptions.DEFAULT.backwards())) {
      changeEverything();
      assertThat(StoreUnderTest.rest(cursor)).isEqualTo(expected.reversed());
    }
  }

  @Test
  default void aCursorInTheMiddleOfItsRangeSeesNoLaterWrite() {
    requires(Capability.CONSISTENT_VIEWS);
    putAll("b", "d", "f");
    List<Entry> expected = entries();
    try (Cursor cursor = store().scan(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      changeEverything();
      assertThat(cursor.entry()).isEqualTo(expected.get(0));
      assertThat(StoreUnderTest.rest(cursor)).isEqualTo(expected.subList(1, 3));
    }
  }

  /** Leaves a, c, d (overwritten) and g of b, d and f. */
  private void changeEverything() {
    putAll("a", "c", "d", "d");
    store().delete(bytes("b"));
    Mutation put = Mutation.Put.of(bytes("g"), Value.of("new"));
    if (store().capabilities().contains(Capability.ATOMIC_BATCHES)) {
      store().write(WriteBatch.of(Mutation.Delete.of(bytes("f")), put));
    } else {
      store().delete(bytes("f"));
      store().write(put);
    }
  }

  @Test
  default void eachCursorSeesTheStoreAsOfItsOwnOpening() {
    requires(Capability.CONSISTENT_VIEWS);
    List<Cursor> cursors = new ArrayList<>();
    List<List<Entry>> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      putAll("key-" + i % 7);
      if (i % 3 == 0) {
        store().delete(bytes("key-" + i % 5));
      }
      expected.add(entries());
      cursors.add(store().scan(KeyRange.all()));
    }
    for (int i = 0; i < cursors.size(); i++) {
      try (Cursor cursor = cursors.get(i)) {
        assertThat(StoreUnderTest.rest(cursor)).as("cursor %s", i).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  default void anEntryThatExpiresDuringTheScanIsStillSeen() {
    requires(Capability.CONSISTENT_VIEWS);
    requires(Capability.EXPIRY);
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("soon gone"));
    store().write(put.with(Expiry.after(Duration.ofSeconds(1))));
    List<Entry> expected = entries();
    try (Cursor cursor = store().scan(KeyRange.all())) {
      clock().advance(Duration.ofMinutes(1));
      assertThat(StoreUnderTest.rest(cursor)).isEqualTo(expected).hasSize(1);
    }
    assertThat(entries()).isEmpty();
  }

  @Test
  default void aCursorCanBeUsedUpToItsMaximumAge() {
    putAll("a", "b");
    try (Cursor cursor = store().scan(KeyRange.all(), agedAtMost(Duration.ofHours(1)))) {
      assertThat(cursor.next()).isTrue();
      clock().advance(Duration.ofMinutes(59));
      assertThat(cursor.next()).isTrue();
    }
  }

  @Test
  default void aCursorBeyondItsMaximumAgeExpires() {
    putAll("a", "b");
    try (Cursor cursor = store().scan(KeyRange.all(), agedAtMost(Duration.ofMillis(200)))) {
      clock().advance(Duration.ofSeconds(1));
      Together.await("the cursor is too old by whatever clock", () -> isExpired(cursor));
      assertThat(isExpired(cursor)).isTrue();
      assertThatCode(cursor::close).doesNotThrowAnyException();
    }
    assertThat(entries()).hasSize(2);
  }

  private static boolean isExpired(Cursor cursor) {
    try {
      cursor.next();
      return false;
    } catch (CursorExpiredException _) {
      return true;
    }
  }

  @Test
  default void aCursorWithoutAMaximumAgeNeverExpires() {
    putAll("a");
    try (Cursor cursor = store().scan(KeyRange.all())) {
      clock().advance(Duration.ofDays(10_000));
      assertThat(cursor.next()).isTrue();
    }
  }

  private static ScanOptions agedAtMost(Duration age) {
    return ScanOptions.DEFAULT.withMaxAge(age);
  }

  private static void assertNoPosition(Cursor cursor) {
    assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::info).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::value).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::entry).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> cursor.readKey(new byte[1])).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> cursor.readValue(new byte[1]))
        .isInstanceOf(IllegalStateException.class);
  }
}
