package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Attributes;
import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reading single keys and several at once. */
interface ReadContract extends StoreUnderTest {

  @Test
  default void anAbsentKeyIsFoundByNoRead() {
    assertThat(store().get(KEY)).isEmpty();
    assertThat(store().info(KEY)).isEmpty();
    assertThat(store().exists(KEY)).isFalse();
    assertThat(store().openReader(KEY)).isEmpty();
    assertThat(store().getAll(List.of(KEY))).isEmpty();
    assertThat(store().read(KEY, new byte[10])).isEqualTo(KeyValueStore.ABSENT);
  }

  @Test
  default void aValueIsReadIntoAnArray() {
    Random random = new Random(8);
    for (int length : new int[] {0, 1, 100, 4_096, 65_536, 65_537, 300_000}) {
      byte[] value = new byte[length];
      random.nextBytes(value);
      store().put(KEY, Value.copyOf(value));
      byte[] target = new byte[length + 3];
      assertThat(store().read(KEY, target)).isEqualTo(length);
      assertThat(target).isEqualTo(Arrays.copyOf(value, length + 3));
    }
  }

  @Test
  default void ofAValueThatIsTooLongForTheArrayTheBeginningIsRead() {
    byte[] value = new byte[100_000];
    new Random(9).nextBytes(value);
    store().put(KEY, Value.copyOf(value));
    for (int room : new int[] {0, 1, 99_999}) {
      byte[] target = new byte[room];
      assertThat(store().read(KEY, target)).isEqualTo(100_000);
      assertThat(target).isEqualTo(Arrays.copyOf(value, room));
    }
  }

  @Test
  default void aValueWithAttributesIsReadIntoAnArrayUntilItExpires() {
    Attributes attributes = Attributes.of("content-type", "text/plain");
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("value")).with(attributes);
    store().write(put.with(Expiry.after(Duration.ofSeconds(1))));
    byte[] target = new byte[5];
    assertThat(store().read(KEY, target)).isEqualTo(5);
    assertThat(target).asString().isEqualTo("value");
    clock().advance(Duration.ofSeconds(2));
    assertThat(store().read(KEY, target)).isEqualTo(KeyValueStore.ABSENT);
  }

  @Test
  default void getGivesAllThatWasWritten() {
    Attributes attributes = Attributes.of("content-type", "text/plain; charset=\u00fctf");
    Version version =
        store()
            .write(Mutation.Put.of(KEY, Value.of("value")).with(attributes))
            .version()
            .orElseThrow();
    assertThat(store().get(KEY))
        .contains(
            new Entry(
                new EntryInfo(
                    KEY, version, 5, attributes, clock().millis(), EntryInfo.NEVER_MILLIS),
                Value.of("value")));
  }

  @Test
  default void infoIsThatOfTheEntry() {
    store().write(Mutation.Put.of(KEY, Value.of("value")).with(Attributes.of("a", "b")));
    assertThat(store().info(KEY)).isEqualTo(store().get(KEY).map(Entry::info)).isPresent();
    assertThat(store().exists(KEY)).isTrue();
  }

  @Test
  default void theTimeOfWritingIsThatOfTheClock() {
    store().put(KEY, Value.empty());
    long first = clock().millis();
    clock().advance(Duration.ofHours(3));
    assertThat(store().info(KEY).orElseThrow().writtenAtMillis()).isEqualTo(first);
    store().put(KEY, Value.empty());
    assertThat(store().info(KEY).orElseThrow().writtenAtMillis()).isEqualTo(clock().millis());
  }

  @Test
  default void anyByteMayStandInAKey() {
    List<Key> keys = new ArrayList<>();
    for (int first = 0; first < 256; first++) {
      keys.add(Key.copyOf(new byte[] {(byte) first}));
      keys.add(Key.copyOf(new byte[] {(byte) first, 0}));
      keys.add(Key.copyOf(new byte[] {(byte) first, (byte) 0xFF}));
    }
    for (Key key : keys) {
      store().put(key, Value.of(key.toString()));
    }
    for (Key key : keys) {
      assertThat(store().get(key).orElseThrow().value()).isEqualTo(Value.of(key.toString()));
      assertThat(store().get(key).orElseThrow().key()).isEqualTo(key);
    }
  }

  @Test
  default void aKeyIsNotConfusedWithItsPrefixesAndExtensions() {
    putAll("a", "a\0", "a\0\0");
    assertThat(store().exists(bytes("a\0\0\0"))).isFalse();
    store().delete(bytes("a\0"));
    assertThat(store().exists(bytes("a"))).isTrue();
    assertThat(store().exists(bytes("a\0"))).isFalse();
    assertThat(store().exists(bytes("a\0\0"))).isTrue();
  }

  @Test
  default void aKeyMayBeAsLongAsAKeyCanBe() {
    byte[] longest = new byte[Key.MAX_LENGTH];
    Arrays.fill(longest, (byte) 0xFF);
    Key key = Key.copyOf(longest);
    longest[Key.MAX_LENGTH - 1] = 0;
    Key neighbour = Key.copyOf(longest);
    store().put(key, Value.of("1"));
    store().put(neighbour, Value.of("2"));
    assertThat(store().get(key).map(Entry::value)).contains(Value.of("1"));
    assertThat(store().get(neighbour).map(Entry::value)).contains(Value.of("2"));
    assertThat(entries()).extracting(Entry::key).containsExactly(neighbour, key);
  }

  @Test
  default void aValueMayBeEmpty() {
    store().put(KEY, Value.empty());
    assertThat(store().get(KEY).map(Entry::value)).contains(Value.empty());
    assertThat(store().info(KEY).orElseThrow().valueLength()).isZero();
  }

  @Test
  default void aValueComesBackByteForByte() {
    Random random = new Random(7);
    for (int length : new int[] {1, 255, 256, 4_095, 4_096, 65_535, 65_536, 65_537, 300_000}) {
      byte[] value = new byte[length];
      random.nextBytes(value);
      store().put(KEY, Value.copyOf(value));
      assertThat(store().get(KEY).orElseThrow().value().toByteArray()).isEqualTo(value);
    }
  }

  @Test
  default void attributesComeBackToTheLastOne() {
    Map<String, String> texts = new HashMap<>();
    for (int i = 0; i < Attributes.MAX_COUNT; i++) {
      texts.put("name-" + i, i % 2 == 0 ? "" : "\u20ac".repeat(15));
    }
    Attributes attributes = Attributes.copyOf(texts);
    store().write(Mutation.Put.of(KEY, Value.empty()).with(attributes));
    assertThat(store().info(KEY).orElseThrow().attributes()).isEqualTo(attributes);
  }

  @Test
  default void getAllLeavesAbsentKeysOut() {
    putAll("a", "c");
    assertThat(store().getAll(List.of(bytes("a"), bytes("b"), bytes("c"))))
        .containsOnlyKeys(bytes("a"), bytes("c"))
        .containsEntry(bytes("a"), store().get(bytes("a")).orElseThrow());
  }

  @Test
  default void getAllKeepsTheOrderAndGivesAKeyNamedTwiceOnce() {
    putAll("a", "b", "c");
    assertThat(
            store()
                .getAll(List.of(bytes("c"), bytes("a"), bytes("c"), bytes("b"), bytes("a")))
                .keySet())
        .containsExactly(bytes("c"), bytes("a"), bytes("b"));
  }

  @Test
  default void getAllOfNothingIsEmpty() {
    putAll("a");
    assertThat(store().getAll(List.of())).isEmpty();
  }
}
