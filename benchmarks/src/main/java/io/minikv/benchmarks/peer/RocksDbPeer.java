package io.minikv.benchmarks.peer;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompactionPriority;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * RocksDB as its guide to set-up and basic tuning advises, without compression, so that it stores
 * what the others store, and with blocks of the default size, which small values are read from
 * faster than from the greater ones of the guide.
 */
final class RocksDbPeer implements Peer {

  static final String CONFIGURATION =
      "block cache of 512 MiB with filters and indexes in it, Bloom filter of 10 bits a key, dynamic"
          + " level sizes, 6 background jobs, no compression; log on, `sync` for durable puts";

  private static final long CACHE_BYTES = 512L << 20;
  private static final int FILTER_BITS = 10;
  private static final int BACKGROUND_JOBS = 6;
  private static final int BYTES_PER_SYNC = 1 << 20;

  private final LRUCache cache;
  private final BloomFilter filter;
  private final Options options;
  private final WriteOptions writes;
  private final ReadOptions reads;
  private final RocksDB db;
  private final Setup setup;

  RocksDbPeer(Setup setup) {
    RocksDB.loadLibrary();
    this.setup = setup;
    cache = new LRUCache(CACHE_BYTES);
    filter = new BloomFilter(FILTER_BITS);
    options =
        new Options()
            .setCreateIfMissing(true)
            .setLevelCompactionDynamicLevelBytes(true)
            .setMaxBackgroundJobs(BACKGROUND_JOBS)
            .setBytesPerSync(BYTES_PER_SYNC)
            .setCompactionPriority(CompactionPriority.MinOverlappingRatio)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setFilterPolicy(filter)
                    .setCacheIndexAndFilterBlocks(true)
                    .setPinL0FilterAndIndexBlocksInCache(true));
    writes = new WriteOptions().setSync(setup.durable());
    reads = new ReadOptions();
    try {
      db = RocksDB.open(options, setup.directory().toString());
    } catch (RocksDBException e) {
      throw new PeerException(e);
    }
  }

  @Override
  public Session session() {
    return new DbSession();
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

  private final class DbSession implements Session {

    private final byte[] scannedKey = new byte[setup.keyBytes()];
    private final byte[] scannedValue = new byte[setup.valueBytes()];

    @Override
    public void put(byte[] key, byte[] value) {
      try {
        db.put(writes, key, value);
      } catch (RocksDBException e) {
        throw new PeerException(e);
      }
    }

    @Override
    public int get(byte[] key, byte[] into) {
      try {
        int length = db.get(reads, key, into);
        return length == RocksDB.NOT_FOUND ? ABSENT : length;
      } catch (RocksDBException e) {
        throw new PeerException(e);
      }
    }

    @Override
    public int scan(byte[] from, int count, Visitor visitor) {
      int seen = 0;
      try (RocksIterator iterator = db.newIterator(reads)) {
        iterator.seek(from);
        while (seen < count && iterator.isValid()) {
          int keyLength = iterator.key(scannedKey);
          int valueLength = iterator.value(scannedValue);
          visitor.entry(scannedKey, keyLength, scannedValue, valueLength);
          seen++;
          iterator.next();
        }
      }
      return seen;
    }

    @Override
    public void close() {
      // Holds nothing native between calls.
    }
  }
}
