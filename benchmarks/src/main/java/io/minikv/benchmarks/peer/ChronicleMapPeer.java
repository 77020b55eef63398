package io.minikv.benchmarks.peer;

import java.io.File;
import java.io.IOException;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/** Chronicle Map in a file, with keys and values of fixed lengths, as its guide advises. */
final class ChronicleMapPeer implements Peer {

  static final String CONFIGURATION =
      "persisted to a file, made for the number of entries, keys and values of constant size,"
          + " `putReturnsNull`, values read with `getUsing`; checksums as by default";

  private final ChronicleMap<byte[], byte[]> map;

  private ChronicleMapPeer(ChronicleMap<byte[], byte[]> map) {
    this.map = map;
  }

  /** Opens a map that was closed, or creates it. */
  static Peer open(Setup setup) {
    if (setup.durable()) {
      throw new UnsupportedOperationException("Chronicle Map does not force what is put.");
    }
    try {
      return new ChronicleMapPeer(builder(setup).createPersistedTo(file(setup)));
    } catch (IOException e) {
      throw new PeerException(e);
    }
  }

  /** Opens the map of a process that was killed. */
  static Peer recover(Setup setup) {
    try {
      return new ChronicleMapPeer(builder(setup).recoverPersistedTo(file(setup), true));
    } catch (IOException e) {
      throw new PeerException(e);
    }
  }

  private static ChronicleMapBuilder<byte[], byte[]> builder(Setup setup) {
    return ChronicleMapBuilder.of(byte[].class, byte[].class)
        .name("entries")
        .entries(setup.entries())
        .constantKeySizeBySample(new byte[setup.keyBytes()])
        .constantValueSizeBySample(new byte[setup.valueBytes()])
        .putReturnsNull(true)
        .removeReturnsNull(true);
  }

  private static File file(Setup setup) {
    return setup.directory().resolve("entries.map").toFile();
  }

  @Override
  public Session session() {
    return new MapSession(map);
  }

  @Override
  public void close() {
    map.close();
  }

  private record MapSession(ChronicleMap<byte[], byte[]> map) implements Session {

    @Override
    public void put(byte[] key, byte[] value) {
      map.put(key, value);
    }

    @Override
    @SuppressWarnings(
        "ReferenceEquality") // Another array came back when this one had not its length.
    public int get(byte[] key, byte[] into) {
      byte[] value = map.getUsing(key, into);
      if (value == null) {
        return ABSENT;
      }
      if (value != into) {
        System.arraycopy(value, 0, into, 0, value.length);
      }
      return value.length;
    }

    @Override
    public int scan(byte[] from, int count, Visitor visitor) {
      throw new UnsupportedOperationException("Chronicle Map has no order.");
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
