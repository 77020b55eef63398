package io.minikv.benchmarks.peer;

import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;

/**
 * Xodus with its defaults but for a cache of its own, as a radix tree, of which a single put writes
 * less anew than of its B+ tree; one transaction an operation.
 */
final class XodusPeer implements Peer {

  static final String CONFIGURATION =
      "log cache of 512 MiB, keys with common prefixes (a radix tree); a read-only transaction a get, an exclusive one a put;"
          + " `exodus.log.durableWrite` for durable puts";

  private static final long CACHE_BYTES = 512L << 20;

  private final Environment environment;
  private final Store entries;

  XodusPeer(Setup setup) {
    EnvironmentConfig config =
        new EnvironmentConfig()
            .setMemoryUsage(CACHE_BYTES)
            .setLogCacheShared(false)
            .setLogDurableWrite(setup.durable());
    environment = Environments.newInstance(setup.directory().toFile(), config);
    entries =
        environment.computeInTransaction(txn ->
            environment.openStore("entries", StoreConfig.WITHOUT_DUPLICATES_WITH_PREFIXING, txn));
  }

  @Override
  public Session session() {
    return new EnvironmentSession();
  }

  @Override
  public void close() {
    environment.close();
  }

  private final class EnvironmentSession implements Session {

    @Override
    public void put(byte[] key, byte[] value) {
      ByteIterable storedKey = new ArrayByteIterable(key.clone());
      Transaction txn = environment.beginExclusiveTransaction();
      try {
        entries.put(txn, storedKey, new ArrayByteIterable(value));
      } catch (RuntimeException e) {
        txn.abort();
        throw e;
      }
      txn.commit();
    }

    @Override
    public int get(byte[] key, byte[] into) {
      Transaction txn = environment.beginReadonlyTransaction();
      try {
        ByteIterable value = entries.get(txn, new ArrayByteIterable(key));
        if (value == null) {
          return ABSENT;
        }
        System.arraycopy(value.getBytesUnsafe(), 0, into, 0, value.getLength());
        return value.getLength();
      } finally {
        txn.abort();
      }
    }

    @Override
    public int scan(byte[] from, int count, Visitor visitor) {
      int seen = 0;
      Transaction txn = environment.beginReadonlyTransaction();
      try (Cursor cursor = entries.openCursor(txn)) {
        boolean found = cursor.getSearchKeyRange(new ArrayByteIterable(from)) != null;
        while (found) {
          ByteIterable key = cursor.getKey();
          ByteIterable value = cursor.getValue();
          visitor.entry(
              key.getBytesUnsafe(), key.getLength(), value.getBytesUnsafe(), value.getLength());
          seen++;
          found = seen < count && cursor.getNext();
        }
      } finally {
        txn.abort();
      }
      return seen;
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
