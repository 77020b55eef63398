package io.minikv.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntriesTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 1_000, 500_000})
  void a_value_is_known_by_its_key_in_all_its_versions(int valueBytes) {
    Entries entries = new Entries(20, valueBytes);
    byte[] key = new byte[20];
    entries.key(42, key);

    for (int version = 0; version < Entries.VERSIONS; version++) {
      byte[] value = entries.value(key, version);
      assertThat(value).hasSize(valueBytes);
      assertThat(entries.isValue(key, value, valueBytes)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000})
  void nearly_every_value_of_another_key_is_found_out(int valueBytes) {
    Entries entries = new Entries(16, valueBytes);
    byte[] key = new byte[16];
    byte[] other = new byte[16];
    int mistaken = 0;
    for (int number = 0; number < 1_000; number++) {
      entries.key(number, key);
      entries.key(number + 1_000_000, other);
      mistaken += entries.isValue(key, entries.value(other, 0), valueBytes) ? 1 : 0;
    }

    assertThat(mistaken).isLessThan(30);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 50, 99})
  void a_damaged_or_shorter_value_is_found_out(int at) {
    Entries entries = new Entries(16, 100);
    byte[] key = new byte[16];
    entries.key(7, key);
    byte[] damaged = entries.value(key, 1).clone();
    damaged[at] ^= 1;

    assertThat(entries.isValue(key, damaged, 100)).isFalse();
    assertThat(entries.isValue(key, entries.value(key, 1), at)).isFalse();
  }
}
