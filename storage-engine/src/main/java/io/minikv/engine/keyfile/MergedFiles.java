package io.minikv.engine.keyfile;

import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.MergedSegment;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.MappingClosedException;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The merged key files of an open store. Key files are merged, in the background, when scans have
 * spent as much on their number as the merge costs, so that a store that is not scanned pays
 * nothing; see {@link MergePlan} for which. As with key files, nothing here can fail the store.
 *
 * <p>Thread-safe.
 */
final class MergedFiles {

  /** Merging so many entries costs about as much as to begin a scan in one more file. */
  private static final long ENTRIES_PER_RUN = 32;

  /** A merge takes no more than this part of the space that is left. */
  private static final int SPARED_SPACE = 4;

  private final SegmentDirectory directory;
  private final Disk disk;
  private final Executor background;
  private final Supplier<Map<Segment, KeyFile>> keyFiles;
  private final BiConsumer<RunSource, IOException> onDamage;

  /** What is covered, by the number of the segment. */
  private final Map<Long, Covered> covered = new ConcurrentHashMap<>();

  /** What scans have spent since the last merge, in entries that could have been merged for it. */
  private final AtomicLong spent = new AtomicLong();

  /** What the next merge costs, as far as is known; 0 when that is to be found out. */
  private volatile long nextCost;

  private volatile boolean closing;

  // Guarded by this.
  private final List<MergedKeys> current = new ArrayList<>();

  /** A segment of a merged file, and its place there. */
  record Covered(MergedKeys keys, int place, Segment segment) {}

  /**
   * Without any.
   *
   * @param keyFiles tells the key files of the complete segments that are listed
   * @param onDamage is told of sources that turn out to be damaged
   */
  MergedFiles(
      SegmentDirectory directory,
      Executor background,
      Supplier<Map<Segment, KeyFile>> keyFiles,
      BiConsumer<RunSource, IOException> onDamage) {
    this.directory = directory;
    this.disk = directory.disk();
    this.background = background;
    this.keyFiles = keyFiles;
    this.onDamage = onDamage;
  }

  // ---- what an opening finds

  /**
   * Takes over those that fit the complete segments of a store, and removes the others.
   *
   * @param names of all files
   */
  void begin(Collection<String> names, Map<Long, Segment> complete) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String name : names) {
      FileNames.mergedNumber(name).ifPresent(numbers::add);
    }
    numbers.sort(Comparator.reverseOrder()); // The newest one covers most.
    for (long number : numbers) {
      if (!takeOver(number, complete)) {
        disk.delete(FileNames.merged(number));
      }
    }
  }

  private boolean takeOver(long number, Map<Long, Segment> complete) throws IOException {
    MergedKeys keys;
    try {
      keys = MergedKeys.open(disk, directory.store(), number);
    } catch (DamagedKeyFileException e) {
      log().info("A merged key file is not complete and was removed: {}.", e.getMessage());
      return false;
    }
    if (!fits(keys, complete)) {
      keys.close();
      return false;
    }
    cover(keys, complete);
    return true;
  }

  /**
   * What is not listed any more was compacted: what it held is in other segments, or was not the
   * newest. But a segment that ends elsewhere may have lost records that the file holds.
   */
  private boolean fits(MergedKeys keys, Map<Long, Segment> complete) {
    int there = 0;
    for (MergedSegment merged : keys.segments()) {
      Segment segment = complete.get(merged.fileNumber());
      if (segment == null ? directory.lists(merged.fileNumber()) : segment.end() != merged.end()) {
        return false;
      }
      if (covered.containsKey(merged.fileNumber())) {
        return false; // By a newer file, which was made in place of this one.
      }
      there += segment != null ? 1 : 0;
    }
    return there > 1;
  }

  private synchronized void cover(MergedKeys keys, Map<Long, Segment> segments) {
    current.add(keys);
    for (int place = 0; place < keys.places(); place++) {
      long number = keys.segments().get(place).fileNumber();
      Segment segment = segments.get(number);
      if (segment != null) {
        covered.put(number, new Covered(keys, place, segment));
        segment.closeWithIt(() -> forget(number));
      }
    }
  }

  // ---- what scans use

  /**
   * The merged file that tells of a segment.
   *
   * @param sequence of the last write that the view shows
   * @return nothing when there is none, or it does not know what the view needs
   */
  @Nullable Covered covering(Segment segment, long sequence) {
    Covered known = covered.get(segment.fileNumber());
    return known != null && known.keys.highestSequence() <= sequence ? known : null;
  }

  /** A scan was begun in so many key files of any kind. */
  void noteScan(int files) {
    if (files > 1 && spent.addAndGet((files - 1) * ENTRIES_PER_RUN) >= nextCost && !closing) {
      nextCost = Long.MAX_VALUE; // Until it is known.
      try {
        background.execute(this::mergeIfDue);
      } catch (RejectedExecutionException _) {
        log().debug("The store is being closed: nothing is merged.");
      }
    }
  }

  /** There is another key file, or one less. */
  void noteChange() {
    nextCost = 0;
  }

  // ---- merging

  private void mergeIfDue() {
    List<MergePlan.Input> inputs = MergePlan.of(inputs());
    long cost = inputs.stream().mapToLong(MergePlan.Input::entries).sum();
    if (inputs.isEmpty() || closing) {
      return;
    }
    if (cost > spent.get()) {
      nextCost = cost;
      return;
    }
    spent.set(0);
    try {
      merge(inputs);
      noteChange();
    } catch (MappingClosedException _) {
      log().debug("The store was closed before key files were merged.");
    } catch (IOException | OutOfMemoryError e) {
      log().warn("Key files could not be merged; scans go on without that: {}", e.getMessage());
      nextCost = 0;
    }
  }

  /** All that can be merged; files that cover little that is live are given up first. */
  private List<MergePlan.Input> inputs() {
    List<MergePlan.Input> inputs = new ArrayList<>();
    for (MergedKeys keys : currentFiles()) {
      MergePlan.Input input = input(keys);
      if (2 * input.entries() < keys.entries()) {
        giveUp(keys);
      } else {
        inputs.add(input);
      }
    }
    keyFiles
        .get()
        .forEach((segment, file) -> {
          if (file.entries() > 0 && !covered.containsKey(segment.fileNumber())) {
            inputs.add(new MergePlan.Input(file, List.of(segment), file.entries()));
          }
        });
    return inputs;
  }

  private MergePlan.Input input(MergedKeys keys) {
    List<@Nullable Segment> segments = new ArrayList<>();
    long entries = 0;
    for (MergedSegment merged : keys.segments()) {
      Segment segment = liveSegment(keys, merged.fileNumber());
      segments.add(segment);
      entries += segment != null ? merged.entries() : 0;
    }
    return new MergePlan.Input(keys, segments, entries);
  }

  private @Nullable Segment liveSegment(MergedKeys keys, long number) {
    Covered known = covered.get(number);
    return known != null && known.keys.equals(keys) && directory.lists(number)
        ? known.segment
        : null;
  }

  private void merge(List<MergePlan.Input> inputs) throws IOException {
    long bytes = inputs.stream().mapToLong(input -> input.run().length()).sum();
    if (disk.freeBytes() / SPARED_SPACE < bytes) {
      log().debug("There is too little space to merge key files.");
      return;
    }
    try (InUse use = new InUse()) {
      Map<Long, Segment> segments = new TreeMap<>();
      for (MergePlan.Input input : inputs) {
        if (!use.pin(input)) {
          return; // It is being compacted: there will be other ones.
        }
        input.live().forEach(segment -> segments.put(segment.fileNumber(), segment));
      }
      NewestEntries entries = new NewestEntries(List.copyOf(segments.values()), () -> closing);
      FileIdentity file = new FileIdentity(directory.store(), directory.takeFileNumber());
      write(file, entries, inputs);
      replace(inputs, MergedKeys.open(disk, file.store(), file.fileNumber()), segments);
    }
  }

  private void write(FileIdentity file, NewestEntries entries, List<MergePlan.Input> inputs)
      throws IOException {
    boolean written = false;
    try {
      for (MergePlan.Input input : inputs) {
        entries.add(input.source());
      }
      KeyFileWriter.writeMerged(disk, file, entries);
      written = true;
    } catch (DamagedKeyFileException e) {
      onDamage.accept(Objects.requireNonNull(entries.moving()), e);
      throw e;
    } finally {
      if (!written) {
        deleteIfThere(FileNames.merged(file.fileNumber()));
      }
    }
  }

  private void replace(
      List<MergePlan.Input> inputs, MergedKeys merged, Map<Long, Segment> segments) {
    synchronized (this) {
      if (closing) {
        merged.close();
        return;
      }
      cover(merged, segments);
    }
    for (MergePlan.Input input : inputs) {
      if (input.run() instanceof MergedKeys keys) {
        giveUp(keys);
      }
    }
  }

  private void forget(long number) {
    covered.remove(number);
    noteChange();
  }

  /** It turned out to be damaged while it was read: it is not given out again. */
  void reportDamage(MergedKeys keys, IOException problem) {
    log().warn("A merged key file cannot be read any more: {}.", problem.getMessage());
    giveUp(keys);
  }

  /** Takes one away, which goes when nobody reads it any more. */
  private void giveUp(MergedKeys keys) {
    synchronized (this) {
      if (!current.remove(keys)) {
        return;
      }
      covered.values().removeIf(known -> known.keys.equals(keys));
    }
    noteChange();
    keys.retire();
    try {
      deleteIfThere(keys.name());
    } catch (IOException e) {
      log().warn("{} could not be removed; the next opening does that.", keys.name(), e);
    }
  }

  private void deleteIfThere(String name) throws IOException {
    if (disk.exists(name)) {
      disk.delete(name);
    }
  }

  private synchronized List<MergedKeys> currentFiles() {
    return List.copyOf(current);
  }

  /** How many bytes all of them take. */
  long bytes() {
    return currentFiles().stream().mapToLong(MergedKeys::length).sum();
  }

  /** Ends a merge that is under way, before its threads are waited for. */
  void stop() {
    closing = true;
  }

  /** Ends every reading. */
  synchronized void close() {
    closing = true;
    current.forEach(MergedKeys::close);
  }

  private static Logger log() {
    return LoggerFactory.getLogger(MergedFiles.class);
  }

  /** What a merge keeps from being closed. */
  private static final class InUse implements AutoCloseable {

    private final List<Segment> segments = new ArrayList<>();
    private final List<MergedKeys> files = new ArrayList<>();

    boolean pin(MergePlan.Input input) {
      for (Segment segment : input.live()) {
        if (!segment.pin()) {
          return false;
        }
        segments.add(segment);
      }
      if (input.run() instanceof MergedKeys keys) {
        if (!keys.pin()) {
          return false;
        }
        files.add(keys);
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      files.forEach(MergedKeys::unpin);
      for (Segment segment : segments) {
        segment.unpin();
      }
    }
  }
}
