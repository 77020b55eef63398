package io.minikv.engine.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which segments are live, and what else must be known before any of them is read. See {@code
 * docs/format/manifest.md}.
 *
 * <pre>
 *  0  8  magic "MKVMANIF"
 *  8  2  format version
 * 10  1  1 when the store was closed, 0 while it is open or after a crash
 * 11  1  zero
 * 12  4  number of segments, n
 * 16 16  store id
 * 32  8  generation: how often the MANIFEST was replaced
 * 40  8  seed of the hash of keys
 * 48  8  created at, milliseconds since 1970
 * 56  8  next file number
 * 64  8  sequence number: the last one used when closed, else one that no used one reaches
 * 72  8  zero
 * 80 40n segments
 *     4  CRC-32C of the bytes before
 *
 * A segment:
 *  0  8  file number
 *  8  2  kind
 * 10  1  state: 0 open, 1 complete, 2 retired
 * 11  5  zero
 * 16  8  end: where its last frame ends when sealed, in bytes; else 0
 * 24  8  lowest sequence number in it when sealed, 0 for none
 * 32  8  highest sequence number in it when sealed, 0 for none
 * </pre>
 *
 * @param store the store's identity
 * @param generation how often the MANIFEST was replaced
 * @param hashSeed the seed of the hash of keys
 * @param createdAtMillis when the store was created, in milliseconds since 1970
 * @param nextFileNumber greater than that of any file there is or was
 * @param closed whether the store was closed in order
 * @param sequence when closed, the last sequence number used; else a number above all that were
 *     handed out
 * @param segments the live segments, and those whose files may still be there, the lowest file
 *     number first
 */
public record Manifest(
    StoreId store,
    long generation,
    long hashSeed,
    long createdAtMillis,
    long nextFileNumber,
    boolean closed,
    long sequence,
    List<SegmentEntry> segments) {

  /** The only format version there is. */
  public static final int VERSION = 1;

  private static final byte[] MAGIC = "MKVMANIF".getBytes(US_ASCII);
  private static final int VERSION_AT = 8;
  private static final int CLOSED_AT = 10;
  private static final int COUNT_AT = 12;
  private static final int STORE_AT = 16;
  private static final int GENERATION_AT = 32;
  private static final int SEED_AT = 40;
  private static final int CREATED_AT = 48;
  private static final int NEXT_FILE_AT = 56;
  private static final int SEQUENCE_AT = 64;
  private static final int SEGMENTS_AT = 80;
  private static final int SEGMENT_LENGTH = 40;
  private static final int CHECKSUM_LENGTH = 4;

  /** What is known of a segment. */
  public enum State {
    /** It is part of the log, and its end is not known. */
    OPEN(0),
    /** It is complete, and its end is known. */
    COMPLETE(1),
    /** It is not live any more; its file goes, or went. */
    RETIRED(2);

    private final int code;

    State(int code) {
      this.code = code;
    }

    private static State ofCode(int code) throws FormatException {
      for (State state : values()) {
        if (state.code == code) {
          return state;
        }
      }
      throw new FormatException(
          FormatException.Kind.DAMAGED, "has a segment of the unknown state " + code);
    }
  }

  /**
   * A segment.
   *
   * @param fileNumber its number
   * @param kind what wrote it
   * @param state what is known of it; the fields below hold when it is complete
   * @param end where its last frame ends, in bytes
   * @param lowestSequence the lowest sequence number in it, 0 when it has no records
   * @param highestSequence the highest sequence number in it, 0 when it has no records
   */
  public record SegmentEntry(
      long fileNumber,
      SegmentHeader.Kind kind,
      State state,
      long end,
      long lowestSequence,
      long highestSequence) {

    /** A segment whose end is not known yet. */
    public static SegmentEntry open(long fileNumber) {
      return new SegmentEntry(fileNumber, SegmentHeader.Kind.LOG, State.OPEN, 0, 0, 0);
    }

    private boolean isPossible() {
      return state == State.COMPLETE
          ? end >= SegmentHeader.LENGTH && lowestSequence >= 0 && lowestSequence <= highestSequence
          : end == 0 && lowestSequence == 0 && highestSequence == 0;
    }

    /** The same segment when it is not live any more. */
    public SegmentEntry retired() {
      return new SegmentEntry(fileNumber, kind, State.RETIRED, 0, 0, 0);
    }
  }

  /** Keeps a copy of the list. */
  public Manifest {
    segments = List.copyOf(segments);
  }

  /** The same with other segments. */
  public Manifest withSegments(List<SegmentEntry> newSegments) {
    return new Manifest(
        store,
        generation,
        hashSeed,
        createdAtMillis,
        nextFileNumber,
        closed,
        sequence,
        newSegments);
  }

  /** The MANIFEST as bytes. */
  public byte[] encode() {
    int checksumAt = SEGMENTS_AT + SEGMENT_LENGTH * segments.size();
    byte[] bytes = Arrays.copyOf(MAGIC, checksumAt + CHECKSUM_LENGTH);
    LittleEndian.putShort(bytes, VERSION_AT, VERSION);
    bytes[CLOSED_AT] = (byte) (closed ? 1 : 0);
    LittleEndian.putInt(bytes, COUNT_AT, segments.size());
    LittleEndian.putLong(bytes, STORE_AT, store.high());
    LittleEndian.putLong(bytes, STORE_AT + 8, store.low());
    LittleEndian.putLong(bytes, GENERATION_AT, generation);
    LittleEndian.putLong(bytes, SEED_AT, hashSeed);
    LittleEndian.putLong(bytes, CREATED_AT, createdAtMillis);
    LittleEndian.putLong(bytes, NEXT_FILE_AT, nextFileNumber);
    LittleEndian.putLong(bytes, SEQUENCE_AT, sequence);
    int at = SEGMENTS_AT;
    for (SegmentEntry segment : segments) {
      encode(segment, bytes, at);
      at += SEGMENT_LENGTH;
    }
    LittleEndian.putInt(bytes, checksumAt, Checksum.of(bytes, 0, checksumAt));
    return bytes;
  }

  private static void encode(SegmentEntry segment, byte[] bytes, int at) {
    LittleEndian.putLong(bytes, at, segment.fileNumber());
    LittleEndian.putShort(bytes, at + 8, segment.kind().code());
    bytes[at + 10] = (byte) segment.state().code;
    LittleEndian.putLong(bytes, at + 16, segment.end());
    LittleEndian.putLong(bytes, at + 24, segment.lowestSequence());
    LittleEndian.putLong(bytes, at + 32, segment.highestSequence());
  }

  /**
   * The MANIFEST in the bytes of a file.
   *
   * @throws FormatException when they are no such thing, or not whole
   */
  public static Manifest decode(byte[] bytes) throws FormatException {
    if (bytes.length < SEGMENTS_AT + CHECKSUM_LENGTH) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "ends after " + bytes.length + " bytes");
    }
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new FormatException(FormatException.Kind.FOREIGN, "does not begin as a MANIFEST does");
    }
    int version = LittleEndian.getUnsignedShort(bytes, VERSION_AT);
    int checksumAt = bytes.length - CHECKSUM_LENGTH;
    if (LittleEndian.getInt(bytes, checksumAt) != Checksum.of(bytes, 0, checksumAt)) {
      throw new FormatException(FormatException.Kind.DAMAGED, "has a checksum that does not fit");
    }
    if (version != VERSION) {
      throw new FormatException(
          FormatException.Kind.NEWER,
          "has format version " + version + ", but this program knows only version " + VERSION);
    }
    int count = LittleEndian.getInt(bytes, COUNT_AT);
    if (count < 0 || SEGMENTS_AT + (long) SEGMENT_LENGTH * count != checksumAt) {
      throw new FormatException(
          FormatException.Kind.DAMAGED,
          "has a length that does not fit its " + count + " segments");
    }
    List<SegmentEntry> segments = new ArrayList<>(count);
    long before = 0;
    for (int i = 0; i < count; i++) {
      SegmentEntry segment = decodeSegment(bytes, SEGMENTS_AT + i * SEGMENT_LENGTH);
      if (segment.fileNumber <= before || !segment.isPossible()) {
        throw new FormatException(
            FormatException.Kind.DAMAGED, "names the impossible segment " + segment);
      }
      before = segment.fileNumber;
      segments.add(segment);
    }
    Manifest manifest =
        new Manifest(
            new StoreId(
                LittleEndian.getLong(bytes, STORE_AT), LittleEndian.getLong(bytes, STORE_AT + 8)),
            LittleEndian.getLong(bytes, GENERATION_AT),
            LittleEndian.getLong(bytes, SEED_AT),
            LittleEndian.getLong(bytes, CREATED_AT),
            LittleEndian.getLong(bytes, NEXT_FILE_AT),
            bytes[CLOSED_AT] == 1,
            LittleEndian.getLong(bytes, SEQUENCE_AT),
            segments);
    if (manifest.closed && segments.stream().anyMatch(segment -> segment.state == State.OPEN)) {
      throw new FormatException(
          FormatException.Kind.DAMAGED,
          "tells that the store was closed, but not where each segment ends");
    }
    if (manifest.nextFileNumber <= before || manifest.sequence < 0) {
      throw new FormatException(
          FormatException.Kind.DAMAGED, "tells impossible numbers to go on with");
    }
    FormatException.requireKnown(manifest.encode(), bytes);
    return manifest;
  }

  private static SegmentEntry decodeSegment(byte[] bytes, int at) throws FormatException {
    return new SegmentEntry(
        LittleEndian.getLong(bytes, at),
        SegmentHeader.Kind.ofCode(LittleEndian.getUnsignedShort(bytes, at + 8)),
        State.ofCode(bytes[at + 10]),
        LittleEndian.getLong(bytes, at + 16),
        LittleEndian.getLong(bytes, at + 24),
        LittleEndian.getLong(bytes, at + 32));
  }
}
