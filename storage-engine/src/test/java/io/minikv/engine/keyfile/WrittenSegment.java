package io.minikv.engine.keyfile;

import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.filter.FilterSizing;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.Disk;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** A segment with records, and what a key file of it should tell. */
final class WrittenSegment {

  static final KeyHash HASH = WrittenSegment::hash;

  static final StoreId STORE = new StoreId(1, 2);
  private static final long NUMBER = 7;

  /**
   * An entry.
   *
   * @param key the key
   * @param sequence its sequence number
   * @param tombstone whether it deletes
   * @param offset where the record is
   * @param valueLength the length of its value
   * @param expiresAtMillis when it expires
   */
  record Told(
      Key key,
      long sequence,
      boolean tombstone,
      long offset,
      int valueLength,
      long expiresAtMillis) {

    static Told of(KeyEntry entry) {
      return new Told(
          entry.key(),
          entry.sequence(),
          entry.isTombstone(),
          entry.offset(),
          entry.valueLength(),
          entry.expiresAtMillis());
    }
  }

  private final Disk disk;
  private final SegmentWriter writer;
  private final List<Told> told = new ArrayList<>();
  private long sequence;

  WrittenSegment(Disk disk) throws IOException {
    this(disk, NUMBER, 0);
  }

  /** With that number; the sequence numbers of its records follow one. */
  WrittenSegment(Disk disk, long number, long sequenceBefore) throws IOException {
    this.disk = disk;
    this.sequence = sequenceBefore;
    this.writer =
        SegmentWriter.create(
            disk, new SegmentHeader(SegmentHeader.Kind.LOG, STORE, number, 0), 1 << 30);
  }

  /** Opens the segment and the key file that another disk has of it. */
  static Segment reopen(Disk disk, long end) throws IOException {
    return Segment.openSealed(
        new SegmentHeader(SegmentHeader.Kind.LOG, STORE, NUMBER, 0),
        disk.open(FileNames.segment(NUMBER), Disk.Access.READ),
        end);
  }

  Segment segment() {
    return writer.segment();
  }

  void put(Key key, int valueLength) throws IOException {
    write(Mutation.Put.of(key, Value.wrap(new byte[valueLength])), valueLength);
  }

  void putExpiring(Key key, long atMillis) throws IOException {
    Mutation.Put put = Mutation.Put.of(key, Value.of("soon gone"));
    write(put.with(Expiry.at(Instant.ofEpochMilli(atMillis))), 9);
  }

  void delete(Key key) throws IOException {
    write(Mutation.Delete.of(key), 0);
  }

  private void write(Mutation mutation, int valueLength) throws IOException {
    EncodedFrame frame = EncodedFrame.of(mutation, false);
    frame.stamp(++sequence, 0);
    writer.reserve(frame.length());
    long offset = writer.append(frame);
    segment().coverSequence(sequence);
    long expiresAt =
        mutation instanceof Mutation.Put put && put.expiry() instanceof Expiry.At at
            ? at.instant().toEpochMilli()
            : Long.MAX_VALUE;
    boolean tombstone = mutation instanceof Mutation.Delete;
    told.add(new Told(mutation.key(), sequence, tombstone, offset, valueLength, expiresAt));
  }

  /**
   * FNV-1a with the finalizer of SplitMix64: different for different keys, as that of a store. With
   * one of 32 bits many keys share theirs, and a filter is less filled than it is made for.
   */
  private static long hash(byte[] bytes, int from, int length) {
    long hash = 0xCBF29CE484222325L;
    for (int i = from; i < from + length; i++) {
      hash = (hash ^ (bytes[i] & 0xFF)) * 0x100000001B3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
    return hash ^ (hash >>> 31);
  }

  /** Random writes over so many keys. */
  void writeAtRandom(Random random, int writes, int keys, int keyLength) throws IOException {
    for (int i = 0; i < writes; i++) {
      byte[] bytes = new byte[1 + random.nextInt(keyLength)];
      Arrays.fill(bytes, (byte) 'k');
      int number = random.nextInt(keys);
      for (int at = bytes.length - 1; at >= 0 && number > 0; at--, number /= 200) {
        bytes[at] = (byte) (number % 200);
      }
      Key key = Key.copyOf(bytes);
      switch (random.nextInt(6)) {
        case 0 -> delete(key);
        case 1 -> putExpiring(key, random.nextInt(1 << 20));
        default -> put(key, random.nextInt(30));
      }
    }
  }

  /** Its keys, sorted in memory. */
  SortedRun sorted() throws IOException {
    List<SortedRun> runs = new SegmentKeys(segment()).runs(segment().end());
    return runs.isEmpty() ? SortedRun.EMPTY : runs.getFirst();
  }

  /** Ends it, and writes its key file. */
  KeyFile withKeyFile() throws IOException {
    writer.finish();
    KeyFileWriter.write(disk, segment(), new SegmentKeys(segment()), HASH, new FilterSizing(0.01));
    long number = segment().fileNumber();
    disk.rename(FileNames.keysTemporary(number), FileNames.keys(number));
    KeyFile file = KeyFile.open(disk, segment());
    if (file == null) {
      throw new AssertionError("no key file");
    }
    return file;
  }

  /** What was written, in the order of a key file. */
  List<Told> inOrder() {
    List<Told> sorted = new ArrayList<>(told);
    sorted.sort(
        Comparator.comparing(Told::key)
            .thenComparing(Comparator.comparingLong(Told::sequence).reversed()));
    return sorted;
  }

  static List<Told> all(EntrySource source) throws IOException {
    List<Told> found = new ArrayList<>();
    for (KeyEntry entry = source.next(); entry != null; entry = source.next()) {
      found.add(Told.of(entry));
    }
    return found;
  }

  static List<Told> forwards(KeyRun run) throws IOException {
    List<Told> found = new ArrayList<>();
    KeyCursor cursor = run.cursor();
    for (boolean more = cursor.first(); more; more = cursor.next()) {
      found.add(Told.of(cursor.entry()));
    }
    return found;
  }

  static List<Told> backwards(KeyRun run) throws IOException {
    List<Told> found = new ArrayList<>();
    KeyCursor cursor = run.cursor();
    for (boolean more = cursor.last(); more; more = cursor.previous()) {
      found.add(Told.of(cursor.entry()));
    }
    return found;
  }
}
