package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.peer.Peer;

/** One thread's work on a store. Every value that it reads is checked. For one thread at a time. */
final class Client implements AutoCloseable {

  private final Peer.Session session;
  private final Entries entries;
  private final byte[] key;
  private final byte[] value;

  Client(Peer peer, Entries entries) {
    this.session = peer.session();
    this.entries = entries;
    this.key = new byte[entries.keyBytes()];
    this.value = new byte[entries.valueBytes()];
  }

  /** Puts the keys of numbers, one after the other. */
  int load(int from, int to) {
    for (int number = from; number < to; number++) {
      put(number, 0);
    }
    return to - from;
  }

  /** Reads keys that are there. */
  int hit(int[] picks) {
    for (int number : picks) {
      read(number);
    }
    return picks.length;
  }

  /** Reads keys that are not there. */
  int miss(int[] picks, int keys) {
    for (int number : picks) {
      entries.key((long) keys + number, key);
      if (session.get(key, value) != Peer.Session.ABSENT) {
        throw wrong("found a key that was never put", number);
      }
    }
    return picks.length;
  }

  /** Puts other values for keys that are there. */
  int overwrite(int[] picks) {
    for (int number : picks) {
      put(number, 1);
    }
    return picks.length;
  }

  /** Reads and writes. */
  int mixed(int[] picks) {
    for (int pick : picks) {
      if (pick >= 0) {
        read(pick);
      } else {
        put(~pick, 1);
      }
    }
    return picks.length;
  }

  /** Reads, and writes of what was read before. */
  int readModifyWrite(int[] picks) {
    for (int pick : picks) {
      if (pick >= 0) {
        read(pick);
      } else {
        read(~pick);
        put(~pick, 1);
      }
    }
    return picks.length;
  }

  /** Scans from any key on. */
  int scan(int[] picks, int length) {
    for (int number : picks) {
      entries.key(number, key);
      if (session.scan(key, length, this::check) == 0) {
        throw wrong("did not find where a scan begins", number);
      }
    }
    return picks.length;
  }

  /** Whether a key is there, with a value that it has had. */
  boolean has(int number) {
    entries.key(number, key);
    int length = session.get(key, value);
    return length != Peer.Session.ABSENT && entries.isValue(key, value, length);
  }

  private void put(int number, int version) {
    entries.key(number, key);
    session.put(key, entries.value(key, version));
  }

  private void read(int number) {
    if (!has(number)) {
      throw wrong("gave no value, or another one than was put,", number);
    }
  }

  private void check(byte[] foundKey, int keyLength, byte[] foundValue, int valueLength) {
    if (keyLength != entries.keyBytes() || !entries.isValue(foundKey, foundValue, valueLength)) {
      throw new IllegalStateException("The store gave a wrong entry in a scan.");
    }
  }

  private static IllegalStateException wrong(String what, int number) {
    return new IllegalStateException("The store " + what + " for key " + number + ".");
  }

  @Override
  public void close() {
    session.close();
  }
}
