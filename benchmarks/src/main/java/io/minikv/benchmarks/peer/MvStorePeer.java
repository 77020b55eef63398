package io.minikv.benchmarks.peer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ByteArrayDataType;

/** MVStore, H2's storage engine, with its defaults but for a greater cache. */
final class MvStorePeer implements Peer {

  static final String CONFIGURATION =
      "page cache of 512 MiB, commits by itself in the background; a commit and a force after each"
          + " durable put";

  private static final int CACHE_MEBIBYTES = 512;

  private final MVStore store;
  private final MVMap<byte[], byte[]> entries;
  private final boolean durable;

  MvStorePeer(Setup setup) {
    this.durable = setup.durable();
    this.store =
        new MVStore.Builder()
            .fileName(setup.directory().resolve("entries.mv").toString())
            .cacheSize(CACHE_MEBIBYTES)
            .open();
    this.entries =
        store.openMap(
            "entries",
            new MVMap.Builder<byte[], byte[]>()
                .keyType(new KeyType())
                .valueType(ByteArrayDataType.INSTANCE));
  }

  @Override
  public Session session() {
    return new MapSession();
  }

  @Override
  public void close() {
    store.close();
  }

  private final class MapSession implements Session {

    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(key.clone(), value); // The map keeps the array.
      if (durable) {
        store.commit();
        store.sync();
      }
    }

    @Override
    public int get(byte[] key, byte[] into) {
      byte[] value = entries.get(key);
      if (value == null) {
        return ABSENT;
      }
      System.arraycopy(value, 0, into, 0, value.length);
      return value.length;
    }

    @Override
    public int scan(byte[] from, int count, Visitor visitor) {
      Cursor<byte[], byte[]> cursor = entries.cursor(from.clone());
      int seen = 0;
      for (Iterator<byte[]> keys = cursor; seen < count && keys.hasNext(); seen++) {
        byte[] key = keys.next();
        byte[] value = cursor.getValue();
        visitor.entry(key, key.length, value, value.length);
      }
      return seen;
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  /** Arrays in the order of unsigned bytes; the type that comes with MVStore cannot compare. */
  private static final class KeyType extends BasicDataType<byte[]> {

    @Override
    public int compare(byte[] left, byte[] right) {
      return Arrays.compareUnsigned(left, right);
    }

    @Override
    public int getMemory(byte[] key) {
      return ByteArrayDataType.INSTANCE.getMemory(key);
    }

    @Override
    public void write(WriteBuffer buffer, byte[] key) {
      ByteArrayDataType.INSTANCE.write(buffer, key);
    }

    @Override
    public byte[] read(ByteBuffer buffer) {
      return ByteArrayDataType.INSTANCE.read(buffer);
    }

    @Override
    public byte[][] createStorage(int size) {
      return new byte[size][];
    }
  }
}
