package io.minikv.engine.snapshot;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.index.Index;
import io.minikv.engine.index.ShardedIndex;
import io.minikv.engine.io.Disk;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An index snapshot that was read, without the entries of segments that are not live any more.
 *
 * <p>Immutable, but for the index, which goes on from there.
 */
public final class LoadedSnapshot {

  private final String name;
  private final long sequence;
  private final long length;
  private final List<SnapshotSegment> segments;
  private final Map<Long, SnapshotSegment> byNumber = new HashMap<>();
  private final Index index;

  private LoadedSnapshot(
      String name, long sequence, long length, List<SnapshotSegment> segments, Index index) {
    this.name = name;
    this.sequence = sequence;
    this.length = length;
    this.segments = List.copyOf(segments);
    this.index = index;
    segments.forEach(segment -> byNumber.put(segment.fileNumber(), segment));
  }

  /**
   * Reads the newest one that is intact and fits the MANIFEST.
   *
   * @param findings is told of those that are not, one sentence each
   * @return nothing when there is none
   */
  public static @Nullable LoadedSnapshot newest(
      Disk disk, Manifest manifest, Consumer<String> findings) throws IOException {
    List<String> names =
        disk.list().stream()
            .filter(name -> FileNames.snapshotSequence(name).isPresent())
            .sorted(Comparator.reverseOrder())
            .toList();
    for (String name : names) {
      try (SnapshotReader reader = SnapshotReader.open(disk, name)) {
        return load(reader, manifest);
      } catch (FormatException | IOException e) {
        findings.accept(
            name + " " + e.getMessage() + ". It was not used, which made the opening take longer.");
      }
    }
    return null;
  }

  private static LoadedSnapshot load(SnapshotReader reader, Manifest manifest)
      throws IOException, FormatException {
    if (!reader.header().store().equals(manifest.store())) {
      throw new FormatException(FormatException.Kind.FOREIGN, "belongs to another store");
    }
    if (reader.header().sequence() > manifest.sequence()) {
      throw new FormatException(FormatException.Kind.FOREIGN, "is newer than the MANIFEST");
    }
    List<SnapshotSegment> segments = reader.segments();
    Map<Long, SegmentEntry> listed =
        manifest.segments().stream()
            .filter(entry -> entry.state() != Manifest.State.RETIRED)
            .collect(Collectors.toMap(SegmentEntry::fileNumber, entry -> entry));
    for (SnapshotSegment segment : segments) {
      SegmentEntry entry = listed.get(segment.fileNumber());
      if (entry != null
          && entry.state() == Manifest.State.COMPLETE
          && entry.end() < segment.coveredEnd()) {
        throw new FormatException(
            FormatException.Kind.FOREIGN,
            "covers more of " + FileNames.segment(entry.fileNumber()) + " than there is");
      }
    }
    Index index = new ShardedIndex();
    reader.load(index, Set.copyOf(listed.keySet()));
    return new LoadedSnapshot(
        reader.name(), reader.header().sequence(), reader.length(), segments, index);
  }

  /** The name of its file. */
  public String name() {
    return name;
  }

  /** The length of its file, in bytes. */
  long length() {
    return length;
  }

  /** All writes up to this sequence number are taken into account. */
  public long sequence() {
    return sequence;
  }

  /** What it says of segments, those that are not live any more included. */
  public List<SnapshotSegment> segments() {
    return segments;
  }

  /** What it says of a segment; nothing when it does not cover it. */
  public @Nullable SnapshotSegment segment(long fileNumber) {
    return byNumber.get(fileNumber);
  }

  /** Up to where all records of a segment are taken into account, in bytes. */
  public long coveredEnd(long fileNumber) {
    SnapshotSegment segment = byNumber.get(fileNumber);
    return segment == null ? SegmentHeader.LENGTH : segment.coveredEnd();
  }

  /** The index. */
  public Index index() {
    return index;
  }
}
