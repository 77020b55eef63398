package io.minikv.benchmarks.peer;

import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** MiniKV as it is embedded, with its defaults but for the durability. */
final class MiniKvPeer implements Peer {

  private final SegmentedStore store;

  MiniKvPeer(Path directory) {
    store = SegmentedStore.open(directory, EngineOptions.DEFAULT.withDurability(Durability.OS));
  }

  @Override
  public void put(byte[] key, byte[] value) {
    store.put(Key.copyOf(key), Value.wrap(value));
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return store.get(Key.copyOf(key)).map(entry -> entry.value().toByteArray()).orElse(null);
  }

  @Override
  public long scan(byte[] from, int count) {
    long bytes = 0;
    try (Cursor cursor =
        store.scan(KeyRange.from(Key.copyOf(from)), ScanOptions.DEFAULT.limitedTo(count))) {
      while (cursor.next()) {
        bytes += cursor.key().length() + cursor.value().length();
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    store.close();
  }
}
