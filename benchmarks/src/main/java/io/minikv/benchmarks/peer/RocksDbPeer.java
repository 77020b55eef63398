package io.minikv.benchmarks.peer;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with a Bloom filter of 10 bits a key, a block cache of 512 MiB and no compression, so
 * that it stores what the others store; its log is on and not forced for each write.
 */
final class RocksDbPeer implements Peer {

  private static final long CACHE_BYTES = 512L << 20;
  private static final int FILTER_BITS = 10;

  private final LRUCache cache;
  private final BloomFilter filter;
  private final Options options;
  private final WriteOptions writes;
  private final ReadOptions reads;
  private final RocksDB db;

  RocksDbPeer(Path directory) {
    RocksDB.loadLibrary();
    cache = new LRUCache(CACHE_BYTES);
    filter = new BloomFilter(FILTER_BITS);
    options =
        new Options()
            .setCreateIfMissing(true)
            .setIncreaseParallelism(2)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(
                new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
    writes = new WriteOptions();
    reads = new ReadOptions();
    try {
      db = RocksDB.open(options, directory.toString());
    } catch (RocksDBException e) {
      throw new PeerException(e);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      db.put(writes, key, value);
    } catch (RocksDBException e) {
      throw new PeerException(e);
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    try {
      return db.get(reads, key);
    } catch (RocksDBException e) {
      throw new PeerException(e);
    }
  }

  @Override
  public long scan(byte[] from, int count) {
    long bytes = 0;
    try (RocksIterator iterator = db.newIterator(reads)) {
      iterator.seek(from);
      for (int i = 0; iterator.isValid() && i < count; i++) {
        bytes += iterator.key().length + iterator.value().length;
        iterator.next();
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    db.close();
    reads.close();
    writes.close();
    options.close();
    filter.close();
    cache.close();
  }
}
