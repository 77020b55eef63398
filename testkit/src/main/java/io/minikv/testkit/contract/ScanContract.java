package io.minikv.testkit.contract;

import static io.minikv.testkit.contract.StoreUnderTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Attributes;
import io.minikv.domain.Capability;
import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.Mutation;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which entries a scan meets, in which order; counts. */
interface ScanContract extends StoreUnderTest {

  @Test
  default void anEmptyStoreHasNothingToScan() {
    assertThat(entries()).isEmpty();
    assertThat(store().count(KeyRange.all())).isZero();
  }

  @Test
  default void aScanMeetsKeysInTheOrderOfTheirUnsignedBytes() {
    putAll("\u00ff", "b", "a\0", "\0", "a", "\u0080", "\u007f", "ab", "\0\0", "\u00ff\u00ff");
    assertThat(keys(KeyRange.all(), ScanOptions.DEFAULT))
        .containsExactly(
            "\0", "\0\0", "a", "a\0", "ab", "b", "\u007f", "\u0080", "\u00ff", "\u00ff\u00ff");
  }

  @Test
  default void aScanGivesTheEntriesThatGetGives() {
    putAll("a", "b", "c");
    Mutation.Put put = Mutation.Put.of(bytes("b"), Value.of("new"));
    store().write(put.with(Attributes.of("name", "text")));
    List<Entry> scanned = entries();
    assertThat(scanned).hasSize(3);
    for (Entry entry : scanned) {
      assertThat(store().get(entry.key())).contains(entry);
    }
  }

  @Test
  default void deletedAndOverwrittenVersionsAreNotMet() {
    putAll("a", "b", "c", "a", "a", "c");
    store().delete(bytes("b"));
    assertThat(keys(KeyRange.all(), ScanOptions.DEFAULT)).containsExactly("a", "c");
    store().delete(bytes("a"));
    store().delete(bytes("c"));
    assertThat(entries()).isEmpty();
  }

  @Test
  default void boundsBelongToTheRangeWhenTheyAreInclusive() {
    putAll("a", "b", "b\0", "c", "d");
    assertRange(KeyRange.from(bytes("b")), "b", "b\0", "c", "d");
    assertRange(KeyRange.after(bytes("b")), "b\0", "c", "d");
    assertRange(KeyRange.before(bytes("c")), "a", "b", "b\0");
    assertRange(upTo("c"), "a", "b", "b\0", "c");
    assertRange(KeyRange.between(bytes("b"), bytes("d")), "b", "b\0", "c");
    assertRange(KeyRange.after(bytes("b")).intersect(upTo("d")), "b\0", "c", "d");
    assertRange(KeyRange.after(bytes("b")).intersect(KeyRange.before(bytes("c"))), "b\0");
    assertRange(KeyRange.from(bytes("b")).intersect(upTo("b")), "b");
  }

  @Test
  default void boundsNeedNotBePresentKeys() {
    putAll("b", "d", "f");
    assertRange(KeyRange.between(bytes("a"), bytes("c")), "b");
    assertRange(KeyRange.after(bytes("c")), "d", "f");
    assertRange(upTo("e"), "b", "d");
    assertRange(KeyRange.from(bytes("g")));
    assertRange(KeyRange.before(bytes("a")));
  }

  @Test
  default void anEmptyRangeHasNoEntries() {
    putAll("a", "b", "c");
    assertRange(KeyRange.between(bytes("b"), bytes("b")));
    assertRange(KeyRange.between(bytes("c"), bytes("a")));
    assertRange(KeyRange.after(bytes("b")).intersect(KeyRange.before(bytes("b"))));
    assertRange(KeyRange.after(bytes("b")).intersect(upTo("b")));
  }

  @Test
  default void aPrefixMeetsTheKeysThatBeginWithIt() {
    putAll("a", "ab", "ab\0", "ab\u00ff", "ab\u00ff\u00ff", "abc", "ac", "b");
    assertRange(KeyRange.prefix("ab"), "ab", "ab\0", "abc", "ab\u00ff", "ab\u00ff\u00ff");
    assertRange(
        KeyRange.prefix(""), keys(KeyRange.all(), ScanOptions.DEFAULT).toArray(String[]::new));
    assertRange(KeyRange.prefix("abd"));
  }

  @Test
  default void aPrefixMayEndInTheGreatestByte() {
    putAll(
        "a\u00fe",
        "a\u00ff",
        "a\u00ff\0",
        "a\u00ff\u00ff",
        "b",
        "\u00fe\u00ff",
        "\u00ff",
        "\u00ff\u00ff",
        "\u00ffa");
    assertRange(prefix("a\u00ff"), "a\u00ff", "a\u00ff\0", "a\u00ff\u00ff");
    assertRange(prefix("\u00ff"), "\u00ff", "\u00ffa", "\u00ff\u00ff");
    assertRange(prefix("\u00ff\u00ff"), "\u00ff\u00ff");
    assertRange(prefix("\u00fe\u00ff"), "\u00fe\u00ff");
  }

  @Test
  default void aLimitEndsTheScan() {
    putAll("a", "b", "c");
    for (int limit = 0; limit < 5; limit++) {
      assertThat(keys(KeyRange.all(), ScanOptions.DEFAULT.limitedTo(limit)))
          .isEqualTo(List.of("a", "b", "c").subList(0, Math.min(limit, 3)));
    }
  }

  @Test
  default void aLimitCountsOnlyWhatIsMet() {
    putAll("a", "b", "c", "d");
    store().delete(bytes("a"));
    store().delete(bytes("c"));
    assertThat(keys(KeyRange.all(), ScanOptions.DEFAULT.limitedTo(2))).containsExactly("b", "d");
  }

  @Test
  default void aLimitCountsFromTheGreatestKeyBackwards() {
    requires(Capability.BACKWARD_SCANS);
    putAll("a", "b", "c", "d");
    assertThat(keys(KeyRange.before(bytes("d")), ScanOptions.DEFAULT.backwards().limitedTo(2)))
        .containsExactly("c", "b");
  }

  @Test
  default void aStoreOfManyKeysIsScannedWhole() {
    int count = 2_000;
    TreeSet<Key> expected = new TreeSet<>();
    Random random = new Random(11);
    while (expected.size() < count) {
      byte[] key = new byte[1 + random.nextInt(40)];
      random.nextBytes(key);
      expected.add(Key.copyOf(key));
    }
    List<Key> shuffled = new ArrayList<>(expected);
    Collections.shuffle(shuffled, random);
    Together.await(
        "all keys are written",
        new AsyncPuts(store(), shuffled, key -> Value.of(key.toString()))::allAreDone);
    assertThat(entries())
        .allMatch(entry -> entry.value().equals(Value.of(entry.key().toString())))
        .extracting(Entry::key)
        .containsExactlyElementsOf(expected);
    assertThat(store().count(KeyRange.all())).isEqualTo(count);
  }

  @Test
  default void aKeyOfAnyLengthMayBeABound() {
    Key longest = Key.copyOf(new byte[Key.MAX_LENGTH]);
    putAll("\0", "\1");
    store().put(longest, Value.empty());
    assertThat(entries(KeyRange.from(longest), ScanOptions.DEFAULT))
        .extracting(Entry::key)
        .containsExactly(longest, bytes("\1"));
    assertThat(store().count(KeyRange.after(longest))).isEqualTo(1);
  }

  /** Checks what is met forwards and, where the store can, backwards, and the count. */
  private void assertRange(KeyRange range, String... expected) {
    assertThat(keys(range, ScanOptions.DEFAULT)).as("%s", range).containsExactly(expected);
    assertThat(store().count(range)).as("count of %s", range).isEqualTo(expected.length);
    assertThat(entries(range, ScanOptions.DEFAULT))
        .as("entries of %s", range)
        .hasSize(expected.length);
    if (store().capabilities().contains(Capability.BACKWARD_SCANS)) {
      assertThat(keys(range, ScanOptions.DEFAULT.backwards()))
          .as("%s backwards", range)
          .isEqualTo(List.of(expected).reversed());
    }
  }

  private static KeyRange upTo(String key) {
    return new KeyRange(Optional.empty(), Optional.of(new KeyRange.Bound(bytes(key), true)));
  }

  private static KeyRange prefix(String latin) {
    return KeyRange.prefix(bytes(latin).toByteArray());
  }
}
