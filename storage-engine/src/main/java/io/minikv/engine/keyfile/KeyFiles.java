package io.minikv.engine.keyfile;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.FilterStatistics;
import io.minikv.engine.filter.FilterSizing;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an open store's segments in order. Key files are opened when they are first needed;
 * one that is missing or damaged is made anew in the background, and until it is there, the keys of
 * its segment are sorted in memory. Nothing here can fail the store: without a key file everything
 * is slower, and that is all.
 *
 * <p>Thread-safe. Callers keep a segment pinned while they use what belongs to it.
 */
public final class KeyFiles {

  private final SegmentDirectory directory;
  private final Disk disk;
  private final KeyHash hash;
  private final FilterSizing sizing;
  private final Executor background;
  private final MergedFiles merged;
  private final AtomicLong filterChecks = new AtomicLong();
  private final AtomicLong filterHits = new AtomicLong();

  /** What is known of each segment that was asked for, by its number; gone when it is closed. */
  private final Map<Long, SegmentState> states = new ConcurrentHashMap<>();

  /**
   * For the segments of a directory.
   *
   * @param filterRate the rate of false positives of the filters of new key files
   * @param background writes key files
   * @param merges merges them
   */
  public KeyFiles(
      SegmentDirectory directory,
      KeyHash hash,
      double filterRate,
      Executor background,
      Executor merges) {
    this.directory = directory;
    this.disk = directory.disk();
    this.hash = hash;
    this.sizing = new FilterSizing(filterRate);
    this.background = background;
    this.merged = new MergedFiles(directory, merges, this::mergeable, this::reportDamage);
  }

  /**
   * Begins with the segments of a store that was opened: removes key files of others, and lets
   * those be made that are missing.
   *
   * @param complete the segments that are not written any more
   */
  public void begin(Collection<Segment> complete) {
    Map<Long, Segment> live = new HashMap<>();
    complete.forEach(segment -> live.put(segment.fileNumber(), segment));
    try {
      List<String> names = disk.list();
      for (String name : names) {
        long number = FileNames.keysNumber(name).orElse(0);
        if (number != 0 && !(live.containsKey(number) && name.equals(FileNames.keys(number)))) {
          disk.delete(name);
        }
      }
      merged.begin(names, live);
    } catch (IOException e) {
      log().warn("Left-over key files could not be removed; they cost nothing but space.", e);
    }
    complete.forEach(segment -> state(segment).markComplete());
    execute(this::requestFiles);
  }

  /** A segment is complete, and listed or going to be: its key file can be written. */
  public void complete(Segment segment) {
    state(segment).markComplete();
    execute(this::requestFiles);
  }

  private void requestFiles() {
    states.values().forEach(SegmentState::makeFile);
  }

  private void execute(Runnable task) {
    try {
      background.execute(task);
    } catch (RejectedExecutionException _) {
      log().debug("The store is being closed: key files are made when it is opened again.");
    }
  }

  private SegmentState state(Segment segment) {
    SegmentState known = states.get(segment.fileNumber());
    if (known != null) {
      return known;
    }
    SegmentState state = new SegmentState(segment);
    SegmentState other = states.putIfAbsent(segment.fileNumber(), state);
    if (other != null) {
      return other;
    }
    segment.closeWithIt(() -> {
      states.remove(segment.fileNumber());
      state.close();
    });
    return state;
  }

  /**
   * Whether a segment may hold a record of a key with a lower version: true when it does, and when
   * that cannot be told as there is no key file.
   */
  public boolean mayHoldOlder(Segment segment, Key key, long keyHash, long version) {
    long lowest = segment.lowestSequence();
    if (lowest != 0 && lowest >= version) {
      return false;
    }
    SegmentState state = state(segment);
    KeyFile file = state.file();
    if (file == null) {
      return true;
    }
    try {
      filterChecks.incrementAndGet();
      if (!file.mayContain(keyHash)) {
        filterHits.incrementAndGet();
        return false;
      }
      return file.holdsOlder(key.toByteArray(), version);
    } catch (MappingClosedException _) {
      return true;
    } catch (IOException e) {
      state.reportDamage(file, e);
      return true;
    }
  }

  /** How often filters were asked, and spared a look. */
  public FilterStatistics filterStatistics() {
    long hits = filterHits.get(); // First, so that there are never more of them than checks.
    return new FilterStatistics(filterChecks.get(), hits);
  }

  /** How many bytes the key files of all segments take, as far as they were opened or made. */
  public long bytes() {
    return states.values().stream().mapToLong(SegmentState::bytes).sum() + merged.bytes();
  }

  /** The key file of a complete segment; nothing when there is none yet, or none any more. */
  public @Nullable KeyFile file(Segment segment) {
    return state(segment).file();
  }

  /**
   * Runs that together hold all records of a segment before an offset, and perhaps some behind it.
   *
   * @throws IOException when the segment itself is damaged, or the disk fails
   */
  public List<? extends KeyRun> runs(Segment segment, long end) throws IOException {
    return state(segment).runs(end);
  }

  /**
   * Sources without a position that together hold what a view shows, and perhaps records behind it.
   *
   * @param parts the segments of the view, which keeps them readable
   * @param sequence of the last write in it
   * @param forwards whether they move to greater keys
   * @param endOfView gets what is to be run when the view is closed
   * @throws IOException when a segment itself is damaged, or the disk fails
   */
  public List<RunSource> sources(
      List<SegmentPart> parts, long sequence, boolean forwards, Consumer<Runnable> endOfView)
      throws IOException {
    List<RunSource> sources = new ArrayList<>();
    Map<MergedKeys, @Nullable Segment[]> shared = new HashMap<>();
    int files = 0;
    for (SegmentPart part : parts) {
      MergedFiles.Covered covered = merged.covering(part.segment(), sequence);
      @Nullable Segment @Nullable [] shown =
          covered == null ? null : shown(covered.keys(), shared, endOfView);
      if (covered != null && shown != null) {
        shown[covered.place()] = part.segment();
        continue;
      }
      for (KeyRun run : runs(part.segment(), part.end())) {
        sources.add(new RunSource(part.segment(), run, forwards));
        files += run instanceof KeyFile ? 1 : 0;
      }
    }
    for (Map.Entry<MergedKeys, @Nullable Segment[]> each : shared.entrySet()) {
      sources.add(new RunSource(each.getValue(), each.getKey(), forwards));
      files++;
    }
    merged.noteScan(files);
    return sources;
  }

  /**
   * Which segments of a merged file the view shows; the file is pinned when it is met for the first
   * time.
   *
   * @return nothing when there is another one in its place
   */
  private static @Nullable Segment @Nullable [] shown(
      MergedKeys keys, Map<MergedKeys, @Nullable Segment[]> pinned, Consumer<Runnable> endOfView) {
    @Nullable Segment @Nullable [] known = pinned.get(keys);
    if (known == null && keys.pin()) {
      endOfView.accept(keys::unpin);
      known = new Segment[keys.places()];
      pinned.put(keys, known);
    }
    return known;
  }

  /** A source that was given out cannot be read: its run is not given out again. */
  public void reportDamage(RunSource source, IOException problem) {
    switch (source.run()) {
      case KeyFile file -> state(source.onlySegment()).reportDamage(file, problem);
      case MergedKeys keys -> merged.reportDamage(keys, problem);
      default -> throw new IllegalStateException("keys in memory are damaged", problem);
    }
  }

  private Map<Segment, KeyFile> mergeable() {
    Map<Segment, KeyFile> mergeable = new HashMap<>();
    for (SegmentState state : states.values()) {
      KeyFile file = directory.lists(state.segment.fileNumber()) ? state.file() : null;
      if (file != null) {
        mergeable.put(state.segment, file);
      }
    }
    return mergeable;
  }

  /** Nothing is merged any more: a merge that is under way ends. */
  public void stopMerging() {
    merged.stop();
  }

  /** Ends the reading of what is not closed with a segment. */
  public void close() {
    merged.close();
  }

  /** Not set up before there is something to say: no opening has to wait for that. */
  private static Logger log() {
    return LoggerFactory.getLogger(KeyFiles.class);
  }

  /** What is known of one segment. */
  private final class SegmentState {

    private final Segment segment;
    private volatile @Nullable KeyFile file;

    // The rest is guarded by this.
    private boolean complete;
    private boolean lookedFor;
    private boolean closed;
    private @Nullable SegmentKeys keys;

    SegmentState(Segment segment) {
      this.segment = segment;
    }

    long bytes() {
      KeyFile current = file;
      return current == null ? 0 : current.length();
    }

    synchronized void markComplete() {
      complete = true;
    }

    /** The key file, opened when it is asked for the first time. */
    @Nullable KeyFile file() {
      KeyFile current = file;
      return current != null ? current : openFile();
    }

    private synchronized @Nullable KeyFile openFile() {
      if (complete && !lookedFor && !closed) {
        lookedFor = true;
        try {
          file = KeyFile.open(disk, segment);
        } catch (IOException e) {
          log().warn("A key file cannot be used and is made anew: {}.", e.getMessage());
        }
      }
      return file;
    }

    List<? extends KeyRun> runs(long end) throws IOException {
      KeyFile current = file();
      return current != null ? List.of(current) : keys().runs(end);
    }

    private synchronized SegmentKeys keys() {
      SegmentKeys known = keys;
      if (known == null) {
        known = new SegmentKeys(segment);
        keys = known;
      }
      return known;
    }

    /** Writes the key file, unless it is there. For one thread at a time. */
    void makeFile() {
      if (!isWanted()) {
        return;
      }
      try {
        if (segment.pin()) {
          try {
            write();
          } finally {
            segment.unpin();
          }
        }
      } catch (MappingClosedException _) {
        log().debug("The store was closed before the key file of {} was made.", segment.name());
      } catch (IOException | OutOfMemoryError e) {
        log()
            .warn(
                "The key file of {} could not be made; scans take longer until it is: {}",
                segment.name(),
                e.getMessage());
      }
    }

    private synchronized boolean isWanted() {
      return complete && !closed && file() == null;
    }

    private void write() throws IOException {
      KeyFileWriter.write(disk, segment, keys(), hash, sizing);
      if (directory.publishKeyFile(segment)) {
        adopt(KeyFile.open(disk, segment));
        disk.forceDirectory();
      }
    }

    private synchronized void adopt(@Nullable KeyFile opened) {
      if (closed) {
        if (opened != null) {
          opened.close();
        }
        return;
      }
      file = opened;
      keys = null;
      merged.noteChange();
    }

    void reportDamage(KeyFile damaged, IOException problem) {
      synchronized (this) {
        if (!damaged.equals(file)) {
          return;
        }
        file = null;
      }
      log().warn("A key file cannot be read any more and is made anew: {}.", problem.getMessage());
      segment.closeWithIt(damaged::close); // Others still read it.
      execute(this::makeFile);
    }

    synchronized void close() {
      closed = true;
      KeyFile current = file;
      if (current != null) {
        current.close();
      }
    }
  }
}
