package io.minikv.engine.snapshot;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.SnapshotBlock;
import io.minikv.engine.format.SnapshotHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.index.Index;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.threads.Uninterruptibly;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Reads an index snapshot; nothing is taken from it that was not verified. For one thread. */
public final class SnapshotReader implements Closeable {

  /** Fewer entries are loaded by one thread. */
  private static final long ENTRIES_WORTH_A_THREAD = 100_000;

  private final DiskFile file;
  private final SnapshotHeader header;
  private final List<SnapshotSegment> segments;

  private SnapshotReader(DiskFile file, SnapshotHeader header, List<SnapshotSegment> segments) {
    this.file = file;
    this.header = header;
    this.segments = segments;
  }

  /**
   * Opens one and verifies all but its entries.
   *
   * @throws FormatException when it is damaged, of a newer version, or something else
   */
  public static SnapshotReader open(Disk disk, String name) throws IOException, FormatException {
    DiskFile file = disk.open(name, Disk.Access.READ);
    try {
      long size = file.size();
      byte[] start = read(file, 0, (int) Math.min(SnapshotHeader.LENGTH, size));
      SnapshotHeader header = SnapshotHeader.decode(start, size);
      if (!FileNames.snapshot(header.sequence()).equals(name)) {
        throw new FormatException(FormatException.Kind.FOREIGN, "has the name of another one");
      }
      int length = Math.toIntExact(SnapshotSegment.listLength(header.segments()));
      byte[] list = read(file, SnapshotHeader.LENGTH, length);
      List<SnapshotSegment> segments =
          SnapshotSegment.decode(list, header.identity(), SnapshotHeader.LENGTH);
      return new SnapshotReader(file, header, segments);
    } catch (IOException | FormatException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static byte[] read(DiskFile file, long position, int length)
      throws IOException, FormatException {
    byte[] bytes = new byte[length];
    read(file, position, bytes, length);
    return bytes;
  }

  private static void read(DiskFile file, long position, byte[] target, int length)
      throws IOException, FormatException {
    if (file.read(position, ByteBuffer.wrap(target, 0, length)) < length) {
      throw new FormatException(FormatException.Kind.DAMAGED, "ends too early");
    }
  }

  String name() {
    return file.name();
  }

  /** The length of the file, in bytes. */
  long length() throws IOException {
    return file.size();
  }

  /** What the header says. */
  public SnapshotHeader header() {
    return header;
  }

  /** What it says of each segment. */
  public List<SnapshotSegment> segments() {
    return segments;
  }

  /**
   * Reads all entries without loading them.
   *
   * @throws FormatException when they are damaged
   */
  public void verify() throws IOException, FormatException {
    Blocks blocks = new Blocks();
    long previousHash = 0;
    for (long number = 0; number < blocks.count(); number++) {
      int end = blocks.read(number);
      for (int i = 0; i < end; i += 2) {
        long hash = blocks.pairs[i];
        if (Long.compareUnsigned(hash, previousHash) < 0) {
          throw outOfOrder();
        }
        previousHash = hash;
      }
    }
  }

  /** The blocks of entries, one of which is in memory. */
  private final class Blocks {

    private final byte[] bytes = new byte[SnapshotBlock.LENGTH];

    /** Hash and location of each entry of the block that was read last, in turn. */
    final long[] pairs = new long[2 * SnapshotBlock.ENTRIES];

    long count() {
      return SnapshotBlock.blocks(header.keys());
    }

    /** Reads and verifies a block; returns where its pairs end. */
    int read(long number) throws IOException, FormatException {
      long first = number * SnapshotBlock.ENTRIES;
      int entries = (int) Math.min(SnapshotBlock.ENTRIES, header.keys() - first);
      long position = header.blocksAt() + number * SnapshotBlock.LENGTH;
      SnapshotReader.read(file, position, bytes, SnapshotBlock.length(entries));
      SnapshotBlock.verify(bytes, entries, header.identity(), position);
      SnapshotBlock.decode(bytes, entries, pairs);
      return 2 * entries;
    }
  }

  /**
   * Fills an empty index with the entries of live segments, with as many threads as there are
   * processors where that pays.
   */
  void load(Index index, Set<Long> live) throws IOException, FormatException {
    SegmentFilter filter = new SegmentFilter(segments, live);
    int threads =
        Math.clamp(
            header.keys() / ENTRIES_WORTH_A_THREAD, 1, Runtime.getRuntime().availableProcessors());
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      long from = (long) index.shards() * i / threads;
      long to = (long) index.shards() * (i + 1) / threads;
      parts.add(new Part(index, filter, (int) from, (int) to));
    }
    runAll(parts);
    long entries = 0;
    for (Part part : parts) {
      part.rethrow();
      entries += part.entries;
    }
    if (entries != header.keys()) {
      throw outOfOrder();
    }
  }

  private static FormatException outOfOrder() {
    return new FormatException(
        FormatException.Kind.DAMAGED, "has entries that are not in the order of their hashes");
  }

  /** Runs the first part in this thread, and each other one in one of its own. */
  private static void runAll(List<Part> parts) {
    List<Thread> threads = new ArrayList<>();
    for (Part part : parts.subList(1, parts.size())) {
      threads.add(Thread.ofPlatform().name("minikv-load").start(part));
    }
    parts.getFirst().run();
    threads.forEach(Uninterruptibly::join);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The entries of some of the shards. */
  private final class Part implements Runnable {

    private final Index index;
    private final SegmentFilter filter;
    private final int firstShard;
    private final int lastShard;
    private final Blocks blocks = new Blocks();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private int shard;

    /** The live entries of the shard, hash and location in turn. */
    private long[] pairs = new long[2 * SnapshotBlock.ENTRIES];

    private int end;
    private long previousHash;

    /** How many entries it was given; read by others when its thread has ended. */
    private long entries;

    Part(Index index, SegmentFilter filter, int from, int to) {
      this.index = index;
      this.filter = filter;
      this.firstShard = from;
      this.lastShard = to - 1;
      this.shard = from;
    }

    @Override
    public void run() {
      try {
        load();
      } catch (IOException | FormatException | RuntimeException e) {
        failure.set(e);
      }
    }

    void rethrow() throws IOException, FormatException {
      switch (failure.get()) {
        case null -> {}
        case IOException e -> throw e;
        case FormatException e -> throw e;
        case RuntimeException e -> throw e;
        default -> throw new IllegalStateException(failure.get());
      }
    }

    private void load() throws IOException, FormatException {
      boolean more = true;
      for (long number = firstBlock(); more && number < blocks.count(); number++) {
        more = addAll(blocks.read(number));
      }
      finishShard();
    }

    /** The first block that can hold an entry of the first shard, by bisection. */
    private long firstBlock() throws IOException, FormatException {
      long low = 0;
      long high = firstShard == 0 ? 0 : blocks.count();
      while (low < high) {
        long middle = (low + high) >>> 1;
        int blockEnd = blocks.read(middle);
        if (index.shardOf(blocks.pairs[blockEnd - 2]) < firstShard) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    /**
     * Takes the entries of a block; false when one lies behind the last shard. Most of an opening
     * is spent here before it is compiled: as little as can be is done for each.
     */
    private boolean addAll(int blockEnd) throws FormatException {
      for (int i = 0; i < blockEnd; i += 2) {
        long hash = blocks.pairs[i];
        if (Long.compareUnsigned(hash, previousHash) < 0) {
          throw outOfOrder();
        }
        previousHash = hash;
        int ofEntry = index.shardOf(hash);
        if (ofEntry < firstShard) {
          continue;
        }
        if (ofEntry > lastShard) {
          return false;
        }
        if (ofEntry != shard) {
          finishShard();
          shard = ofEntry;
        }
        add(hash, blocks.pairs[i + 1]);
      }
      return true;
    }

    private void add(long hash, long location) throws FormatException {
      entries++;
      if (filter.isLive(location)) {
        if (end == pairs.length) {
          pairs = Arrays.copyOf(pairs, 2 * end);
        }
        pairs[end++] = hash;
        pairs[end++] = location;
      }
    }

    private void finishShard() {
      if (end > 0) {
        index.load(shard, pairs, end / 2);
        end = 0;
      }
    }
  }
}
