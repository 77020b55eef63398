package io.minikv.engine.tools;

import io.minikv.domain.EntryInfo;
import io.minikv.domain.Value;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.KeyFileHeader;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.Manifest.SegmentEntry;
import io.minikv.engine.format.MergedSegment;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.SnapshotHeader;
import io.minikv.engine.format.SnapshotSegment;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.format.ValueFileHeader;
import io.minikv.engine.format.ValueFileTrailer;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.ManifestFile;
import io.minikv.engine.snapshot.SnapshotReader;
import io.minikv.engine.values.ValueFile;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What is in one file of a store, as text for people: a line for each thing, with its offset; keys
 * that are not text are escaped. Values are not shown. For one thread.
 */
public final class FileDescription {

  private static final int HEX_BYTES = 256;
  private static final int HEX_LINE = 16;
  private static final int LONGEST_TEXT = 4096;

  private final Disk disk;
  private final String name;
  private final Appendable output;

  private FileDescription(Disk disk, String name, Appendable output) {
    this.disk = disk;
    this.name = name;
    this.output = output;
  }

  /** Describes a file of a directory. */
  public static void describe(Disk disk, String name, Appendable output) throws IOException {
    new FileDescription(disk, name, output).describe();
  }

  private void describe() throws IOException {
    try (DiskFile file = disk.open(name, Disk.Access.READ)) {
      if (name.equals(FileNames.MANIFEST) || name.equals(FileNames.MANIFEST_TEMPORARY)) {
        describeManifest(file);
      } else if (FileNames.segmentNumber(name).isPresent()) {
        describeSegment(file, FileNames.segmentNumber(name).getAsLong());
      } else if (FileNames.keysNumber(name).isPresent()) {
        describeKeyFile(file, FileNames.keysNumber(name).getAsLong());
      } else if (FileNames.mergedNumber(name).isPresent()) {
        describeKeyFile(file, FileNames.mergedNumber(name).getAsLong());
      } else if (FileNames.valueNumber(name).isPresent()) {
        describeValueFile(file, FileNames.valueNumber(name).getAsLong());
      } else if (FileNames.snapshotSequence(name).isPresent()) {
        describeSnapshot(file);
      } else if (name.equals(FileNames.LOCK) || name.equals(FileNames.INCOMPLETE)) {
        line("%s: %d bytes of text: %s", name, file.size(), text(file));
      } else {
        line("%s: %d bytes, no kind of file that is described further", name, file.size());
        describeBytes(file, 0, file.size());
      }
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency of its own.
  private void line(String format, Object... arguments) throws IOException {
    output.append(format.formatted(arguments)).append('\n');
  }

  // ---- the MANIFEST

  private void describeManifest(DiskFile file) throws IOException {
    Manifest manifest;
    try {
      manifest = ManifestFile.read(disk, name);
    } catch (FormatException e) {
      line("%s: %d bytes, %s", name, file.size(), e.getMessage());
      describeBytes(file, 0, file.size());
      return;
    }
    line("%s: %d bytes, format version %d, whole", name, file.size(), Manifest.VERSION);
    line("  store              %s", manifest.store());
    line("  created            %s", time(manifest.createdAtMillis()));
    line("  closed in order    %s", manifest.closed() ? "yes" : "no: open, or after a crash");
    line("  replaced           %d times", manifest.generation());
    line("  next file number   %d", manifest.nextFileNumber());
    line(
        "  sequence number    %d%s",
        manifest.sequence(), manifest.closed() ? "" : ", which none handed out reaches");
    line("  segments           %d", manifest.segments().size());
    for (SegmentEntry entry : manifest.segments()) {
      line(
          "    %s  %-9s  %-8s  end %d  sequence numbers %d to %d",
          FileNames.segment(entry.fileNumber()),
          lowerCase(entry.kind()),
          lowerCase(entry.state()),
          entry.end(),
          entry.lowestSequence(),
          entry.highestSequence());
    }
  }

  // ---- segments

  private void describeSegment(DiskFile file, long number) throws IOException {
    line("%s: a segment, %d bytes", name, file.size());
    Optional<StoreId> store = describeHeader(file);
    if (store.isEmpty()) {
      store = storeIdBeside();
    }
    if (store.isEmpty()) {
      line("  No file tells which store it belongs to, so that no frame can be verified.");
      describeBytes(file, 0, file.size());
      return;
    }
    FrameFile frames = new FrameFile(file, new FileIdentity(store.get(), number), file.size());
    frames.visit(new Frames(file, frames));
  }

  private Optional<StoreId> describeHeader(DiskFile file) throws IOException {
    try {
      SegmentHeader header = SegmentHeader.decode(StoreFiles.headerBytes(file));
      line(
          "%12d  header: kind %s, store %s, file number %d, created %s",
          0,
          lowerCase(header.kind()),
          header.store(),
          header.fileNumber(),
          time(header.createdAtMillis()));
      return Optional.of(header.store());
    } catch (FormatException e) {
      line("%12d  DAMAGED header: the file %s", 0, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<StoreId> storeIdBeside() throws IOException {
    if (!disk.exists(FileNames.MANIFEST)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ManifestFile.read(disk, FileNames.MANIFEST).store());
    } catch (FormatException _) {
      return Optional.empty();
    }
  }

  /** A line for each frame. */
  private final class Frames implements FrameFile.Visitor {

    private final DiskFile file;
    private final FrameFile frames;

    Frames(DiskFile file, FrameFile frames) {
      this.file = file;
      this.frames = frames;
    }

    @Override
    public void onFrame(long offset, FrameHead head) throws IOException {
      switch (head.type()) {
        case Frame.TYPE_PUT -> describePut(offset, head);
        case Frame.TYPE_TOMBSTONE ->
            line(
                "%12d  tombstone  seq %d  %s  key %s%s",
                offset, head.sequence(), time(head.writtenAtMillis()), head.key(), batch(head));
        default ->
            line(
                "%12d  watermark  seq %d  durable up to %d%s",
                offset,
                head.sequence(),
                head.durableOffset(),
                head.isSeal() ? "  the segment ends here" : "");
      }
    }

    private void describePut(long offset, FrameHead head) throws IOException {
      long expiresAt = head.expiresAtMillis();
      line(
          "%12d  put        seq %d  %s  key %s  value %d bytes%s%s%s%s",
          offset,
          head.sequence(),
          time(head.writtenAtMillis()),
          head.key(),
          head.valueLength(),
          attributes(head),
          expiresAt == EntryInfo.NEVER_MILLIS ? "" : "  expires " + time(expiresAt),
          batch(head),
          frames.valueProblem(offset, head).map(problem -> "  DAMAGED: " + problem).orElse(""));
    }

    private static String attributes(FrameHead head) {
      try {
        var attributes = head.info(head.key()).attributes();
        return attributes.isEmpty() ? "" : "  attributes " + attributes.asMap();
      } catch (FormatException e) {
        return "  DAMAGED attributes: " + e.getMessage();
      }
    }

    private static String batch(FrameHead head) {
      return head.continues() ? "  the batch goes on" : "";
    }

    @Override
    public void onGap(long from, long to, boolean zeros) throws IOException {
      if (zeros) {
        line("%12d  %d zeros", from, to - from);
      } else {
        line("%12d  DAMAGED or torn: %d bytes without an intact frame", from, to - from);
        describeBytes(file, from, to);
      }
    }
  }

  // ---- key files

  private void describeKeyFile(DiskFile file, long number) throws IOException {
    line("%s: a key file, %d bytes", name, file.size());
    Optional<StoreId> store = storeIdOfKeyFile(file);
    if (store.isEmpty()) {
      store = storeIdBeside();
    }
    if (store.isEmpty()) {
      line("  No file tells which store it belongs to, so that no part can be verified.");
      describeBytes(file, 0, file.size());
      return;
    }
    KeyFileParts.visit(
        file,
        store.get(),
        number,
        new KeyFileParts.Visitor() {
          @Override
          public void onBlock(long offset, int entries, boolean isLeaf) throws IOException {
            line("%12d  block of %d %s", offset, entries, isLeaf ? "records" : "blocks");
          }

          @Override
          public void onFooter(long offset, KeyFileFooter footer) throws IOException {
            line(
                "%12d  footer: of %s, %d records, %d of them tombstones, sequence"
                    + " numbers %d to %d",
                offset,
                footer.segments() > 0
                    ? footer.segments() + " segments"
                    : "the segment up to "
                        + footer.segmentEnd()
                        + " with a filter of "
                        + footer.filterBlocks()
                        + " blocks at "
                        + footer.filterAt(),
                footer.entries(),
                footer.tombstones(),
                footer.lowestSequence(),
                footer.highestSequence());
          }

          @Override
          public void onSegments(long offset, List<MergedSegment> segments) throws IOException {
            line("%12d  list of segments", offset);
            for (MergedSegment segment : segments) {
              line(
                  "              %s up to %d, %d records",
                  FileNames.segment(segment.fileNumber()), segment.end(), segment.entries());
            }
          }

          @Override
          public void onDamage(long offset, long length, String problem) throws IOException {
            line("%12d  DAMAGED: %d bytes: the file %s", offset, length, problem);
          }
        });
  }

  private static Optional<StoreId> storeIdOfKeyFile(DiskFile file) throws IOException {
    try {
      return Optional.of(KeyFileHeader.decode(StoreFiles.headerBytes(file)).store());
    } catch (FormatException _) {
      return Optional.empty();
    }
  }

  // ---- value files

  private void describeValueFile(DiskFile file, long number) throws IOException {
    line("%s: a value file, %d bytes", name, file.size());
    byte[] begin = new byte[(int) Math.min(ValueFileHeader.MAX_LENGTH, file.size())];
    file.read(0, ByteBuffer.wrap(begin));
    ValueFileHeader header;
    try {
      header = ValueFileHeader.decode(begin);
    } catch (FormatException e) {
      line("%12d  DAMAGED header: the file %s", 0, e.getMessage());
      describeBytes(file, 0, file.size());
      return;
    }
    line(
        "%12d  header: store %s, file number %d, created %s, key %s",
        0, header.store(), header.fileNumber(), time(header.createdAtMillis()), header.key());
    describeValue(file, number, header);
  }

  private void describeValue(DiskFile file, long number, ValueFileHeader header)
      throws IOException {
    long valueAt = ValueFileHeader.length(header.key().length());
    byte[] footer = new byte[ValueFileTrailer.length(0)];
    long footerAt = file.size() - footer.length;
    if (footerAt < valueAt) {
      line("%12d  DAMAGED: the file ends before its footer", valueAt);
      return;
    }
    file.read(footerAt, ByteBuffer.wrap(footer));
    long length = ValueFileTrailer.valueLength(footer);
    boolean fits =
        length >= 0
            && length <= Value.MAX_LENGTH
            && valueAt + length + ValueFileTrailer.length((int) length) == file.size();
    if (!fits) {
      line("%12d  DAMAGED footer, or the file is not complete", footerAt);
      return;
    }
    ValueFiles values = new ValueFiles(disk, header.store());
    try (ValueFile value = values.open(number, header.key(), (int) length)) {
      byte[] block = new byte[Frame.BLOCK_LENGTH];
      for (int from = 0; from < length; from += block.length) {
        value.read(from, block, (int) Math.min(block.length, length - from));
      }
      line("%12d  value of %d bytes, whole", valueAt, length);
    } catch (DamagedSegmentException e) {
      line("%12d  value of %d bytes, DAMAGED: %s", valueAt, length, e.getMessage());
    }
  }

  // ---- index snapshots

  private void describeSnapshot(DiskFile file) throws IOException {
    line("%s: an index snapshot, %d bytes", name, file.size());
    try (SnapshotReader snapshot = SnapshotReader.open(disk, name)) {
      SnapshotHeader header = snapshot.header();
      line(
          "%12d  header: store %s, sequence number %d, taken %s, %d keys",
          0, header.store(), header.sequence(), time(header.takenAtMillis()), header.keys());
      for (SnapshotSegment segment : snapshot.segments()) {
        line(
            "              %s up to %d, %d bytes live",
            FileNames.segment(segment.fileNumber()), segment.coveredEnd(), segment.liveBytes());
      }
      snapshot.verify();
      line("%12d  entries, whole", header.blocksAt());
    } catch (FormatException e) {
      line("              DAMAGED: the file %s", e.getMessage());
      describeBytes(file, 0, file.size());
    }
  }

  // ---- what nothing is known of

  /** The first bytes, in hexadecimal and as text. */
  private void describeBytes(DiskFile file, long from, long to) throws IOException {
    long end = Math.min(to, from + HEX_BYTES);
    byte[] row = new byte[HEX_LINE];
    for (long at = from; at < end; at += HEX_LINE) {
      int length = (int) Math.min(HEX_LINE, end - at);
      int read = file.read(at, ByteBuffer.wrap(row, 0, length));
      line(
          "%12d    %-47s  %s",
          at, HexFormat.ofDelimiter(" ").formatHex(row, 0, read), printable(row, read));
    }
    if (end < to) {
      line("%12d    and %d bytes more", end, to - end);
    }
  }

  private static String printable(byte[] bytes, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(bytes[i] >= ' ' && bytes[i] < 0x7f ? (char) bytes[i] : '.');
    }
    return text.toString();
  }

  private static String text(DiskFile file) throws IOException {
    byte[] bytes = new byte[(int) Math.min(LONGEST_TEXT, file.size())];
    int read = file.read(0, ByteBuffer.wrap(bytes));
    return printable(new String(bytes, 0, read, StandardCharsets.UTF_8).strip());
  }

  private static String printable(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return printable(bytes, bytes.length);
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT);
  }
}
