package io.minikv.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Attributes;
import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.NotSupportedException;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.maintenance.ProgressListener;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** What the store in memory says of itself, beyond the contract. */
class InMemoryKeyValueStoreOwnTest {

  private static final Key KEY = Key.of("key");

  private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();

  @Test
  void itPromisesAllButPersistence() {
    assertThat(store.capabilities())
        .isEqualTo(EnumSet.complementOf(EnumSet.of(Capability.PERSISTENCE)));
  }

  @Test
  void itCountsWhatIsNotClosed() {
    store.put(KEY, Value.empty());
    Cursor cursor = store.scan(KeyRange.all());
    ValueReader reader = store.openReader(KEY).orElseThrow();
    ValueWriter writer =
        store.openWriter(KEY, Attributes.none(), Expiry.never(), Condition.always());
    assertThat(store.openHandles()).isEqualTo(3);
    cursor.close();
    cursor.close();
    reader.close();
    writer.close();
    assertThat(store.openHandles()).isZero();
  }

  @Test
  void itsBytesAreThoseOfOneSegment() {
    store.put(KEY, Value.of("12345"));
    store.put(KEY, Value.of("1234567"));
    assertThat(store.statistics().segments()).hasSize(1);
    assertThat(store.statistics().liveBytes()).isEqualTo(10);
    assertThat(store.statistics().deadBytes()).isEqualTo(8);
    store.delete(KEY);
    assertThat(store.statistics().liveBytes()).isZero();
    assertThat(store.statistics().deadBytes()).isEqualTo(21);
    assertThat(store.compact(ProgressListener.NONE).reclaimedBytes()).isEqualTo(21);
    assertThat(store.statistics().deadBytes()).isZero();
  }

  @Test
  void itTellsTheDurabilityThatItWasGiven() {
    MutableClock clock = new MutableClock();
    for (Durability durability : Durability.values()) {
      var given = new InMemoryKeyValueStore(clock, StoreLimits.DEFAULT, durability);
      assertThat(given.statistics().durability()).isEqualTo(durability);
    }
  }

  @Test
  void itHasNeitherSnapshotsNorCheckpoints() {
    assertThatThrownBy(store::snapshot).isInstanceOf(NotSupportedException.class);
    assertThatThrownBy(() -> store.checkpoint(Path.of("nowhere")))
        .isInstanceOf(NotSupportedException.class);
  }
}
