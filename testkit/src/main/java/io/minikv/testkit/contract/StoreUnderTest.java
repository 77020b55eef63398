package io.minikv.testkit.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.minikv.domain.Capability;
import io.minikv.domain.Cursor;
import io.minikv.domain.Entry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What each part of a contract works with: a store that was empty when the test began. */
interface StoreUnderTest {

  /** The key of tests that need but one. */
  Key KEY = Key.of("key");

  /** The store; after {@link #reopen()} another object. */
  KeyValueStore store();

  /** The store's clock. */
  MutableClock clock();

  /** Closes the store and opens it again. Needs {@link Capability#PERSISTENCE}. */
  void reopen();

  /** Skips the test when the store does not make a promise. */
  default void requires(Capability capability) {
    assumeTrue(
        store().capabilities().contains(capability),
        () -> "Skipped: the store does not promise " + capability + ".");
  }

  default List<Entry> entries(KeyRange range, ScanOptions options) {
    try (Cursor cursor = store().scan(range, options)) {
      return rest(cursor);
    }
  }

  default List<Entry> entries() {
    return entries(KeyRange.all(), ScanOptions.DEFAULT);
  }

  /** The keys of a range as text, one character a byte. */
  default List<String> keys(KeyRange range, ScanOptions options) {
    List<String> keys = new ArrayList<>();
    try (Cursor cursor = store().scan(range, options.keysOnly())) {
      while (cursor.next()) {
        keys.add(latin(cursor.key()));
      }
    }
    return keys;
  }

  default void putAll(String... keys) {
    for (String key : keys) {
      store().put(bytes(key), Value.of("value of " + key));
    }
  }

  /** All entries that a cursor has still to give. */
  static List<Entry> rest(Cursor cursor) {
    List<Entry> entries = new ArrayList<>();
    while (cursor.next()) {
      entries.add(cursor.entry());
    }
    return entries;
  }

  /** A key of which each character is a byte. */
  static Key bytes(String latin) {
    return Key.copyOf(latin.getBytes(StandardCharsets.ISO_8859_1));
  }

  static String latin(Key key) {
    return new String(key.toByteArray(), StandardCharsets.ISO_8859_1);
  }
}
