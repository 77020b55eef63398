package io.minikv.engine.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.minikv.domain.Attributes;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.filter.FilterShape;
import io.minikv.engine.format.Manifest.SegmentEntry;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The structures of the worked examples, encoded. Each frame lies right behind the one before. */
final class FormatExamples {

  static final StoreId STORE = new StoreId(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
  static final FileIdentity FILE = new FileIdentity(STORE, 12);
  static final long CREATED_AT_MILLIS = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  static final long WRITTEN_AT_MILLIS = CREATED_AT_MILLIS + 1000;

  static final SegmentHeader HEADER =
      new SegmentHeader(SegmentHeader.Kind.LOG, STORE, 12, CREATED_AT_MILLIS);

  static final Manifest MANIFEST =
      new Manifest(
          STORE,
          3,
          42,
          CREATED_AT_MILLIS,
          29,
          false,
          8_388_616,
          List.of(
              new SegmentEntry(11, SegmentHeader.Kind.LOG, Manifest.State.COMPLETE, 4096, 1, 6),
              SegmentEntry.open(12)));

  private static final Mutation.Put PUT =
      Mutation.Put.of(Key.of("user:123"), Value.of("Ada"))
          .with(Attributes.of("content-type", "text/plain"));

  private static final long VALUE_FILE_NUMBER = 13;
  private static final long MERGED_FILE_NUMBER = 14;
  private static final Mutation.Put FILM = Mutation.Put.of(Key.of("film"), Value.empty());

  private final Map<String, byte[]> frames = new LinkedHashMap<>();
  private final Map<String, Long> offsets = new LinkedHashMap<>();
  private long offset = SegmentHeader.LENGTH;

  FormatExamples() {
    add("put", EncodedFrame.of(PUT, false), 7);
    add("tombstone", EncodedFrame.of(Mutation.Delete.of(Key.of("user:123")), false), 8);
    add("watermark", EncodedFrame.watermark(FILE, offset, 8, offset, false));
    add("batch-first", batchRecord("a", "1", true), 9);
    add("batch-last", batchRecord("b", "2", false), 9);
    add("external", EncodedFrame.of(FILM, StoredValue.external(VALUE_FILE_NUMBER, 5), false), 10);
  }

  /** A whole value file, with a value that is much too short for one. */
  private static byte[] valueFile() {
    ValueFileHeader header =
        new ValueFileHeader(STORE, VALUE_FILE_NUMBER, CREATED_AT_MILLIS, FILM.key());
    byte[] value = "movie".getBytes(US_ASCII);
    int valueAt = ValueFileHeader.length(FILM.key().length());
    ValueFileTrailer trailer =
        new ValueFileTrailer(new FileIdentity(STORE, VALUE_FILE_NUMBER), valueAt);
    trailer.add(value, 0, value.length);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(header.encode());
    file.writeBytes(value);
    file.writeBytes(trailer.encode(value.length));
    return file.toByteArray();
  }

  /**
   * A whole key file, of a segment that ends behind the put and the tombstone; the filter has the
   * one bit that a hash of 0 sets.
   */
  private byte[] keyFile() {
    FileIdentity identity = KeyFileHeader.identity(FILE);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new KeyFileHeader(STORE, FILE.fileNumber()).encode());
    KeyBlock.Builder leaf = new KeyBlock.Builder();
    addKey(leaf, "tombstone");
    addKey(leaf, "put");
    file.writeBytes(leaf.end(identity, KeyFileHeader.LENGTH));
    int filterAt = file.size();
    byte[] page = new byte[KeyFileFilter.pageLength(1)];
    FilterShape shape = new FilterShape(1, 1);
    shape.add(page, 0);
    int checksum = Checksum.of(page, 0, shape.length()) ^ identity.mask(filterAt);
    LittleEndian.putInt(page, shape.length(), checksum);
    file.writeBytes(page);
    KeyFileFooter footer =
        new KeyFileFooter(
            offset("watermark"),
            2,
            1,
            7,
            8,
            filterAt,
            KeyFileHeader.LENGTH,
            KeyFileHeader.LENGTH,
            0,
            shape.blocks(),
            shape.probes(),
            0,
            filterAt);
    file.writeBytes(footer.encode(identity, file.size()));
    return file.toByteArray();
  }

  private void addKey(KeyBlock.Builder leaf, String frame) {
    byte[] entry = new byte[KeyEntry.MAX_LENGTH];
    leaf.add(entry, 0, KeyEntry.encode(head(frames.get(frame)), offset(frame), entry, 0));
  }

  private static FrameHead head(byte[] frame) {
    try {
      return FrameHead.parse(frame, 0);
    } catch (FormatException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * A whole merged key file, of a segment with one record that is the newest of its key, and of
   * that which ends behind the put and the tombstone.
   */
  private byte[] mergedKeyFile() {
    FileIdentity identity = KeyFileHeader.identity(new FileIdentity(STORE, MERGED_FILE_NUMBER));
    EncodedFrame older = batchRecord("user:100", "Bob", false);
    older.stamp(6, WRITTEN_AT_MILLIS);
    List<MergedSegment> segments =
        List.of(
            new MergedSegment(11, 4096, 1),
            new MergedSegment(FILE.fileNumber(), offset("watermark"), 1));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new KeyFileHeader(STORE, MERGED_FILE_NUMBER).encode());
    KeyBlock.Builder leaf = new KeyBlock.Builder();
    addMergedKey(leaf, older.bytes(), SegmentHeader.LENGTH, 0);
    addMergedKey(leaf, frames.get("tombstone"), offset("tombstone"), 1);
    file.writeBytes(leaf.end(identity, KeyFileHeader.LENGTH));
    int listAt = file.size();
    file.writeBytes(MergedSegment.encode(segments, identity, listAt));
    KeyFileFooter footer =
        new KeyFileFooter(
            0,
            2,
            1,
            6,
            8,
            listAt,
            KeyFileHeader.LENGTH,
            KeyFileHeader.LENGTH,
            0,
            0,
            0,
            segments.size(),
            listAt);
    file.writeBytes(footer.encode(identity, file.size()));
    return file.toByteArray();
  }

  private static void addMergedKey(KeyBlock.Builder leaf, byte[] frame, long offset, int place) {
    byte[] entry = new byte[KeyEntry.MAX_LENGTH];
    KeyEntry.encode(head(frame), offset, entry, 0);
    KeyEntry decoded = new KeyEntry();
    decoded.decode(entry, 0);
    byte[] merged = new byte[KeyEntry.MAX_LENGTH];
    leaf.add(merged, 0, decoded.encodeMerged(place, merged));
  }

  private static EncodedFrame batchRecord(String key, String value, boolean continues) {
    return EncodedFrame.of(Mutation.Put.of(Key.of(key), Value.of(value)), continues);
  }

  private void add(String name, EncodedFrame frame, long sequence) {
    frame.stamp(sequence, WRITTEN_AT_MILLIS);
    frame.place(FILE, offset);
    add(name, frame.bytes());
  }

  private void add(String name, byte[] frame) {
    frames.put(name, frame);
    offsets.put(name, offset);
    offset += frame.length;
  }

  /** All structures, by the names of their examples. */
  Map<String, byte[]> all() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("segment-header", HEADER.encode());
    all.putAll(frames);
    all.put("value-file", valueFile());
    all.put("key-file", keyFile());
    all.put("merged-key-file", mergedKeyFile());
    all.put("manifest", MANIFEST.encode());
    return all;
  }

  /** The frames among them. */
  Map<String, byte[]> frames() {
    return frames;
  }

  /** Where in the segment a frame lies. */
  long offset(String name) {
    return offsets.get(name);
  }
}
