package io.minikv.benchmarks.peer;

import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.Value;
import io.minikv.engine.EngineOptions;
import io.minikv.engine.SegmentedStore;

/** MiniKV as it is embedded, with its defaults but for the durability. */
final class MiniKvPeer implements Peer {

  static final String CONFIGURATION =
      "the defaults; durability `os`, and `always` for durable puts; smaller segments in the warm-up";

  private static final long REHEARSED_SEGMENT_BYTES = 4 << 20;

  private final SegmentedStore store;
  private final Setup setup;

  MiniKvPeer(Setup setup) {
    this.setup = setup;
    EngineOptions options =
        EngineOptions.DEFAULT.withDurability(setup.durable() ? Durability.ALWAYS : Durability.OS);
    this.store =
        SegmentedStore.open(
            setup.directory(),
            setup.rehearsal() ? options.withSegmentBytes(REHEARSED_SEGMENT_BYTES) : options);
  }

  @Override
  public Session session() {
    return new StoreSession(store, setup);
  }

  @Override
  public void close() {
    store.close();
  }

  private static final class StoreSession implements Session {

    private final SegmentedStore store;
    private final byte[] scannedKey;
    private final byte[] scannedValue;

    StoreSession(SegmentedStore store, Setup setup) {
      this.store = store;
      this.scannedKey = new byte[setup.keyBytes()];
      this.scannedValue = new byte[setup.valueBytes()];
    }

    @Override
    public void put(byte[] key, byte[] value) {
      store.put(Key.copyOf(key), Value.wrap(value));
    }

    @Override
    public int get(byte[] key, byte[] into) {
      int length = store.read(Key.copyOf(key), into);
      return length == KeyValueStore.ABSENT ? ABSENT : length;
    }

    @Override
    public int scan(byte[] from, int count, Visitor visitor) {
      int seen = 0;
      try (Cursor cursor =
          store.scan(KeyRange.from(Key.copyOf(from)), ScanOptions.DEFAULT.limitedTo(count))) {
        while (cursor.next()) {
          int keyLength = cursor.readKey(scannedKey);
          int valueLength = cursor.readValue(scannedValue);
          visitor.entry(scannedKey, keyLength, scannedValue, valueLength);
          seen++;
        }
      }
      return seen;
    }

    @Override
    public void close() {
      // The store is not its own.
    }
  }
}
