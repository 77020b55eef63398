package io.minikv.engine.read;

import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.engine.commit.CommitErrors;
import io.minikv.engine.commit.CommitPipeline;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
import io.minikv.engine.index.Index;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries by key. Takes no lock, and waits for nobody but for a batch that is becoming
 * visible at that moment. When compaction takes a segment away under a read, the read looks its key
 * up again.
 *
 * <p>Thread-safe.
 */
public final class EntryReader {

  /** So often reads of several keys are tried without a lock. */
  private static final int OPTIMISTIC_ATTEMPTS = 8;

  /** Neither a length nor {@link KeyValueStore#ABSENT}. */
  private static final int UNUSUAL = -2;

  /** Records up to this length are read in one step; longer ones in two. */
  private static final int SHORT_FRAME_LENGTH = 192;

  private final EntryTable table;
  private final Values values;
  private final CommitPipeline pipeline;
  private final InstantSource clock;
  private final BooleanSupplier closed;

  /** Where each thread reads records into. What is parsed there must not outlive the read. */
  private final ThreadLocal<byte[]> buffer =
      ThreadLocal.withInitial(() -> new byte[SHORT_FRAME_LENGTH]);

  /** Reads what is in a table; {@code closed} tells that the store was closed. */
  public EntryReader(
      EntryTable table, CommitPipeline pipeline, InstantSource clock, BooleanSupplier closed) {
    this.table = table;
    this.values = new Values(table.values());
    this.pipeline = pipeline;
    this.clock = clock;
    this.closed = closed;
  }

  /** See {@link io.minikv.domain.KeyValueStore#get}. */
  public Optional<Entry> get(Key key) {
    return Optional.ofNullable(read(key, this::entry));
  }

  /** See {@link io.minikv.domain.KeyValueStore#read}. */
  public int read(Key key, byte[] target) {
    long hash = table.hash(key);
    while (true) {
      awaitReadable();
      try {
        return read(key, hash, target);
      } catch (MappingClosedException _) {
        Thread.onSpinWait(); // The segment was retired, or the store closed: look again.
      }
    }
  }

  /** Reads the record of a key with that hash. */
  int read(Key key, long hash, byte[] target) {
    int usual = readUsual(key, hash, target);
    if (usual != UNUSUAL) {
      return usual;
    }
    Integer length = read(key, hash, (k, found) -> read(found, target));
    return length == null ? KeyValueStore.ABSENT : length;
  }

  /**
   * Reads what most reads find, making hardly any object: nothing, or a record that is intact and
   * whose value stands in it as it was put.
   *
   * @return {@link #UNUSUAL} for all else, of which nothing is said here
   */
  private int readUsual(Key key, long hash, byte[] target) {
    try {
      long location = table.locationOf(hash);
      if (location == Index.NONE) {
        return KeyValueStore.ABSENT;
      }
      Segment segment = table.segments().get(Location.fileNumber(location));
      long offset = Location.offset(location);
      FrameHead head = segment.head(offset, buffer.get());
      if (!head.hasKey(key) || !head.isPlain() || head.valueLength() > target.length) {
        return UNUSUAL;
      }
      if (isExpired(head)) {
        return KeyValueStore.ABSENT;
      }
      segment.readValue(offset, head, target);
      return head.valueLength();
    } catch (IOException _) {
      return UNUSUAL; // Read again in the other way, which tells what is damaged.
    }
  }

  /** See {@link io.minikv.domain.KeyValueStore#info}. */
  public Optional<EntryInfo> info(Key key) {
    return Optional.ofNullable(read(key, (k, found) -> found.intactHead().info(k)));
  }

  /** See {@link io.minikv.domain.KeyValueStore#openReader}. */
  public Optional<ValueReader> openReader(Key key) {
    return Optional.ofNullable(read(key, this::pinned));
  }

  /** See {@link io.minikv.domain.KeyValueStore#getAll}. */
  public Map<Key, Entry> getAll(Collection<Key> keys) {
    for (int attempt = 0; attempt < OPTIMISTIC_ATTEMPTS; attempt++) {
      long stamp = pipeline.visibility().batchStamp();
      long sequence = pipeline.visibility().sequence();
      Map<Key, Entry> entries = getEach(keys);
      if (stamp == pipeline.visibility().batchStamp()
          && sequence == pipeline.visibility().sequence()) {
        return entries;
      }
    }
    return pipeline.underLock(() -> getEach(keys));
  }

  private Map<Key, Entry> getEach(Collection<Key> keys) {
    Map<Key, Entry> entries = LinkedHashMap.newLinkedHashMap(keys.size());
    for (Key key : keys) {
      get(key).ifPresent(entry -> entries.put(key, entry));
    }
    return entries;
  }

  private Entry entry(Key key, Found found) throws IOException, FormatException {
    FrameHead head = found.intactHead();
    return new Entry(head.info(key), value(found.segment(), found.offset(), head));
  }

  private int read(Found found, byte[] target) throws IOException {
    FrameHead head = found.intactHead();
    int length = head.valueLength();
    Value value = value(found.segment(), found.offset(), head);
    value.copyTo(0, target, 0, Math.min(length, target.length));
    return length;
  }

  private Value value(Segment segment, long offset, FrameHead head) throws IOException {
    if (!head.isExternal()) {
      return values.read(segment, offset, head);
    }
    if (!segment.pin()) { // The file stays as long as the segment whose record names it.
      throw new MappingClosedException(segment.name());
    }
    try {
      return values.read(segment, offset, head);
    } finally {
      segment.unpin();
    }
  }

  private ValueReader pinned(Key key, Found found) throws IOException, FormatException {
    if (!found.segment().pin()) {
      throw new MappingClosedException(found.segment().name());
    }
    try {
      FrameHead head = found.intactHead();
      ValueSource source = values.open(found.segment(), found.offset(), head);
      return new PinnedValueReader(found.segment(), source, head.info(key), closed);
    } catch (IOException | FormatException e) {
      found.segment().unpin();
      throw e;
    }
  }

  private <T> @Nullable T read(Key key, Reading<T> reading) {
    long hash = table.hash(key);
    while (true) {
      awaitReadable();
      try {
        return read(key, hash, reading);
      } catch (MappingClosedException _) {
        Thread.onSpinWait(); // The segment was retired, or the store closed: look again.
      }
    }
  }

  private void awaitReadable() {
    if (closed.getAsBoolean()) {
      throw CommitErrors.closed();
    }
    pipeline.visibility().awaitWholeBatches();
  }

  private <T> @Nullable T read(Key key, long hash, Reading<T> reading) {
    Found found = null;
    try {
      found = table.find(key, hash);
      return found == null || isExpired(found.intactHead()) ? null : reading.read(key, found);
    } catch (FormatException e) {
      throw ReadErrors.of(e, key, found == null ? "?" : found.segment().name());
    } catch (IOException e) {
      throw damaged(e, key, found);
    }
  }

  private static DamagedDataException damaged(IOException e, Key key, @Nullable Found found) {
    String file =
        e instanceof DamagedSegmentException damaged
            ? damaged.file()
            : found == null ? "a segment" : found.segment().name();
    return ReadErrors.of(e, Optional.of(key), file);
  }

  private boolean isExpired(FrameHead head) {
    return head.expiresAtMillis() != EntryInfo.NEVER_MILLIS
        && Frame.isExpired(head.expiresAtMillis(), clock.millis());
  }

  /** What is read of a record that was found. */
  @FunctionalInterface
  private interface Reading<T> {

    T read(Key key, Found found) throws IOException, FormatException;
  }
}
