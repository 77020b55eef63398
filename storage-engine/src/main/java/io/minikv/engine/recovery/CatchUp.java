package io.minikv.engine.recovery;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.io.Disk;
import io.minikv.engine.keyfile.KeyFile;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.snapshot.LoadedSnapshot;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings the keys of a snapshot, or none, up to the end of all segments. What a snapshot covers of
 * a segment is not read again. Of a segment that it does not cover at all, the key file is read in
 * place of the records, if the segment was listed as complete.
 */
final class CatchUp {

  private final Disk disk;
  private final @Nullable LoadedSnapshot snapshot;
  private final List<String> findings;
  private final Set<Long> complete;

  /**
   * For the segments of a store.
   *
   * @param manifest tells which segments were complete
   * @param findings gets which key files were of no use
   */
  CatchUp(Disk disk, Manifest manifest, @Nullable LoadedSnapshot snapshot, List<String> findings) {
    this.disk = disk;
    this.snapshot = snapshot;
    this.findings = findings;
    this.complete =
        manifest.segments().stream()
            .filter(entry -> entry.state() == Manifest.State.COMPLETE)
            .map(SegmentEntry::fileNumber)
            .collect(Collectors.toSet());
  }

  /**
   * Applies all records that the snapshot does not know; without one, all that there are.
   *
   * @param resumed the segment in which the log goes on, which has no key file, if there is one
   */
  Replay run(EntryTable table, @Nullable Segment resumed) throws IOException {
    List<Segment> segments = table.segments().all();
    Map<Segment, Long> starts = new LinkedHashMap<>();
    for (Segment segment : segments) {
      SnapshotSegment covered = snapshot == null ? null : snapshot.segment(segment.fileNumber());
      if (covered != null) {
        table.addLive(segment, covered.liveBytes(), covered.liveValueBytes());
        segment.coverSequences(covered.lowestSequence(), covered.highestSequence());
      }
      starts.put(segment, covered == null ? SegmentHeader.LENGTH : covered.coveredEnd());
    }
    Replay replay = new Replay(disk, table, snapshot == null ? 0 : snapshot.sequence());
    for (Segment segment : segments) {
      long start = Objects.requireNonNull(starts.get(segment));
      boolean hasKeyFile =
          start == SegmentHeader.LENGTH
              && complete.contains(segment.fileNumber())
              && !segment.equals(resumed);
      if (!hasKeyFile || !addKeys(replay, segment)) {
        replay.add(segment, start);
      }
    }
    return replay;
  }

  /** Applies what the key file of a segment tells; false when it is of no use. */
  private boolean addKeys(Replay replay, Segment segment) throws IOException {
    try (KeyFile keys = KeyFile.open(disk, segment)) {
      if (keys != null) {
        replay.add(segment, keys);
        return true;
      }
      report(FileNames.keys(segment.fileNumber()) + " is missing", segment);
    } catch (DamagedSegmentException e) {
      throw e; // Read in its place it would be damaged, too.
    } catch (IOException e) {
      report(String.valueOf(e.getMessage()), segment);
    }
    return false;
  }

  private void report(String problem, Segment segment) {
    findings.add(
        problem
            + ". "
            + segment.name()
            + " was read in its place, which made the opening take longer.");
  }
}
