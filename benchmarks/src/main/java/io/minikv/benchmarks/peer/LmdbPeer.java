package io.minikv.benchmarks.peer;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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
 * LMDB through lmdbjava: a writable map, no force for each commit and no read-ahead, as its guide
 * advises for random access; one transaction a write, and one reused read transaction a thread.
 */
final class LmdbPeer implements Peer {

  private static final long MAP_BYTES = 64L << 30;
  private static final int MOST_KEY_BYTES = 511;
  private static final int MOST_VALUE_BYTES = 64 << 10;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> entries;
  private final ThreadLocal<Buffers> buffers = ThreadLocal.withInitial(Buffers::new);
  private final ThreadLocal<Txn<ByteBuffer>> reads;

  LmdbPeer(Path directory) {
    env =
        Env.create(ByteBufferProxy.PROXY_OPTIMAL)
            .setMapSize(MAP_BYTES)
            .setMaxDbs(1)
            .open(
                directory.toFile(),
                EnvFlags.MDB_WRITEMAP,
                EnvFlags.MDB_NOSYNC,
                EnvFlags.MDB_NORDAHEAD,
                EnvFlags.MDB_NOTLS);
    entries = env.openDbi("entries", DbiFlags.MDB_CREATE);
    reads =
        ThreadLocal.withInitial(() -> {
          Txn<ByteBuffer> txn = env.txnRead();
          txn.reset();
          return txn;
        });
  }

  @Override
  public void put(byte[] key, byte[] value) {
    Buffers mine = buffers.get();
    entries.put(Buffers.fill(mine.key, key), Buffers.fill(mine.value, value));
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    Txn<ByteBuffer> txn = reads.get();
    txn.renew();
    try {
      ByteBuffer found = entries.get(txn, Buffers.fill(buffers.get().key, key));
      return found == null ? null : copy(found);
    } finally {
      txn.reset();
    }
  }

  @Override
  public long scan(byte[] from, int count) {
    Txn<ByteBuffer> txn = reads.get();
    txn.renew();
    long bytes = 0;
    try (Cursor<ByteBuffer> cursor = entries.openCursor(txn)) {
      boolean found = cursor.get(Buffers.fill(buffers.get().key, from), GetOp.MDB_SET_RANGE);
      for (int i = 0; found && i < count; i++) {
        bytes += copy(cursor.key()).length + copy(cursor.val()).length;
        found = cursor.seek(SeekOp.MDB_NEXT);
      }
    } finally {
      txn.reset();
    }
    return bytes;
  }

  private static byte[] copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public void close() {
    reads.get().close();
    env.close();
  }

  /** What a thread hands keys and values over in. */
  private static final class Buffers {

    private final ByteBuffer key = ByteBuffer.allocateDirect(MOST_KEY_BYTES);
    private final ByteBuffer value = ByteBuffer.allocateDirect(MOST_VALUE_BYTES);

    static ByteBuffer fill(ByteBuffer buffer, byte[] bytes) {
      return buffer.clear().put(bytes).flip();
    }
  }
}
