package io.minikv.engine.keyfile;

import io.minikv.domain.Key;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.segment.SegmentDirectory;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Complete segments of a store, listed, and with key files. */
final class ListedSegments {

  private static final long FIRST_MERGED = 100;

  private final SimulatedDisk disk;
  private final SegmentDirectory directory;
  private final Map<Segment, KeyFile> files = new LinkedHashMap<>();
  private long sequence;

  ListedSegments(SimulatedDisk disk) {
    this.disk = disk;
    this.directory =
        new SegmentDirectory(
            disk,
            InstantSource.system(),
            1 << 20,
            new Manifest(
                WrittenSegment.STORE, 0, 0, 0, 2 * FIRST_MERGED, false, 1 << 30, List.of()),
            FIRST_MERGED,
            () -> sequence);
  }

  SegmentDirectory directory() {
    return directory;
  }

  /** Adds one that has so many keys, the same ones as all others. */
  Segment add(int keys) throws IOException {
    WrittenSegment written = new WrittenSegment(disk, files.size() + 1, sequence);
    for (int i = 0; i < keys; i++) {
      written.put(key(i), 5);
    }
    sequence += keys;
    files.put(written.segment(), written.withKeyFile());
    list(files.keySet());
    return written.segment();
  }

  static Key key(int number) {
    return Key.of("key-%05d".formatted(number));
  }

  /** From now on the directory lists these only. */
  void list(Collection<Segment> segments) {
    directory.list(segments.stream().map(SegmentDirectory::sealedEntry).toList());
  }

  /** The key files of those that are listed. */
  Map<Segment, KeyFile> keyFiles() {
    Map<Segment, KeyFile> listed = new HashMap<>(files);
    listed.keySet().removeIf(segment -> !directory.lists(segment.fileNumber()));
    return listed;
  }

  KeyFile keyFile(Segment segment) {
    KeyFile file = files.get(segment);
    if (file == null) {
      throw new AssertionError("no key file");
    }
    return file;
  }

  /** The names of the merged files on the disk. */
  List<String> merged() throws IOException {
    List<String> names = new ArrayList<>(disk.list());
    names.removeIf(name -> FileNames.mergedNumber(name).isEmpty());
    return names;
  }

  /** What all files take that are there, or are open still. */
  long usedBytes() throws IOException {
    disk.setCapacity(1L << 40);
    return (1L << 40) - disk.freeBytes();
  }
}
