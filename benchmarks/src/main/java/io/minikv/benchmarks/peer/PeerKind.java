package io.minikv.benchmarks.peer;

/** The stores that can be measured. */
public enum PeerKind {
  /** This project's. */
  MINIKV("MiniKV", MiniKvPeer.CONFIGURATION, ""),
  /** A log-structured merge tree. */
  ROCKSDB("RocksDB", RocksDbPeer.CONFIGURATION, ""),
  /** A B+ tree in a mapped file. */
  LMDB(
      "LMDB",
      LmdbPeer.CONFIGURATION,
      "a power cut can damage the file as it is opened without a force"),
  /** A B+ tree with pages of its own log. */
  MVSTORE(
      "MVStore",
      MvStorePeer.CONFIGURATION,
      "a kill takes what was put since the last commit, up to a second before"),
  /** A radix tree in a log. */
  XODUS("Xodus", XodusPeer.CONFIGURATION, ""),
  /** A hash table in a mapped file. */
  CHRONICLE_MAP(
      "Chronicle Map",
      ChronicleMapPeer.CONFIGURATION,
      "no crash safety: nothing is ever forced, and after a kill all entries are looked through;"
          + " no order, so no scans; the number of entries is fixed when it is created");

  private final String title;
  private final String configuration;
  private final String caveat;

  PeerKind(String title, String configuration, String caveat) {
    this.title = title;
    this.configuration = configuration;
    this.caveat = caveat;
  }

  /** Its name, as its makers write it. */
  public String title() {
    return title;
  }

  /** How it is opened here, in words. */
  public String configuration() {
    return configuration;
  }

  /** What it promises less than the others; empty when nothing. */
  public String caveat() {
    return caveat;
  }

  /** Whether it can scan in the order of keys. */
  public boolean isOrdered() {
    return this != CHRONICLE_MAP;
  }

  /** Whether a put can return after its force. */
  public boolean canForce() {
    return this != CHRONICLE_MAP;
  }

  /** Opens the store that was closed before, or creates it. */
  public Peer open(Setup setup) {
    return switch (this) {
      case MINIKV -> new MiniKvPeer(setup);
      case ROCKSDB -> new RocksDbPeer(setup);
      case LMDB -> new LmdbPeer(setup);
      case MVSTORE -> new MvStorePeer(setup);
      case XODUS -> new XodusPeer(setup);
      case CHRONICLE_MAP -> ChronicleMapPeer.open(setup);
    };
  }

  /** Opens the store of a process that was killed. */
  public Peer recover(Setup setup) {
    return this == CHRONICLE_MAP ? ChronicleMapPeer.recover(setup) : open(setup);
  }
}
