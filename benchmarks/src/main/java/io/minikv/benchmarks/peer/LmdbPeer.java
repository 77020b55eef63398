package io.minikv.benchmarks.peer;

import java.nio.ByteBuffer;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.SeekOp;
import org.lmdbjava.Txn;

/**
 * LMDB through lmdbjava, as its guide advises for random access; one transaction a write, and one
 * reused read transaction a thread.
 */
final class LmdbPeer implements Peer {

  static final String CONFIGURATION =
      "no read-ahead; a reused read transaction a thread, a transaction a put; writable map without"
          + " force, and for durable puts no writable map and a force for each commit";

  private static final long MAP_BYTES = 64L << 30;
  private static final int MOST_READERS = 256;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> entries;
  private final Setup setup;

  LmdbPeer(Setup setup) {
    this.setup = setup;
    this.env =
        Env.create(ByteBufferProxy.PROXY_OPTIMAL)
            .setMapSize(MAP_BYTES)
            .setMaxDbs(1)
            .setMaxReaders(MOST_READERS)
            .open(setup.directory().toFile(), flags(setup.durable()));
    this.entries = env.openDbi("entries", DbiFlags.MDB_CREATE);
  }

  private static EnvFlags[] flags(boolean durable) {
    return durable
        ? new EnvFlags[] {EnvFlags.MDB_NORDAHEAD, EnvFlags.MDB_NOTLS}
        : new EnvFlags[] {
          EnvFlags.MDB_NORDAHEAD, EnvFlags.MDB_NOTLS, EnvFlags.MDB_WRITEMAP, EnvFlags.MDB_NOSYNC
        };
  }

  @Override
  public Session session() {
    return new EnvSession();
  }

  @Override
  public void close() {
    env.close();
  }

  private final class EnvSession implements Session {

    private final ByteBuffer keyBuffer = ByteBuffer.allocateDirect(setup.keyBytes());
    private final ByteBuffer valueBuffer = ByteBuffer.allocateDirect(setup.valueBytes());
    private final byte[] scannedKey = new byte[setup.keyBytes()];
    private final byte[] scannedValue = new byte[setup.valueBytes()];
    private final Txn<ByteBuffer> read;

    EnvSession() {
      read = env.txnRead();
      read.reset();
    }

    @Override
    public void put(byte[] key, byte[] value) {
      entries.put(fill(keyBuffer, key), fill(valueBuffer, value));
    }

    @Override
    public int get(byte[] key, byte[] into) {
      read.renew();
      try {
        ByteBuffer found = entries.get(read, fill(keyBuffer, key));
        return found == null ? ABSENT : copy(found, into);
      } finally {
        read.reset();
      }
    }

    @Override
    public int scan(byte[] from, int count, Visitor visitor) {
      int seen = 0;
      read.renew();
      try (Cursor<ByteBuffer> cursor = entries.openCursor(read)) {
        boolean found = cursor.get(fill(keyBuffer, from), GetOp.MDB_SET_RANGE);
        while (found) {
          int keyLength = copy(cursor.key(), scannedKey);
          int valueLength = copy(cursor.val(), scannedValue);
          visitor.entry(scannedKey, keyLength, scannedValue, valueLength);
          seen++;
          found = seen < count && cursor.seek(SeekOp.MDB_NEXT);
        }
      } finally {
        read.reset();
      }
      return seen;
    }

    @Override
    public void close() {
      read.close();
    }

    private static int copy(ByteBuffer buffer, byte[] into) {
      int length = buffer.remaining();
      buffer.get(into, 0, length);
      return length;
    }

    private static ByteBuffer fill(ByteBuffer buffer, byte[] bytes) {
      return buffer.clear().put(bytes).flip();
    }
  }
}
