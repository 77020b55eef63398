package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Attributes;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each part of a key file is read as it was written, where it was written, or refused. */
class KeyFileFormatTest {

  private static final FileIdentity FILE = KeyFileHeader.identity(FormatExamples.FILE);
  private static final long OFFSET = 4_096;
  private static final Key KEY = Key.of("user:123");
  private static final KeyFileFooter FOOTER =
      new KeyFileFooter(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);

  // ---- entries

  @ParameterizedTest
  @ValueSource(longs = {64, 1_016, 1_024, 131_064, 131_072, 1L << 40})
  void an_entry_tells_what_the_head_of_its_record_does(long offset) throws FormatException {
    for (Mutation mutation : mutations()) {
      FrameHead head = head(EncodedFrame.of(mutation, false), 1L << 33);
      byte[] bytes = new byte[KeyEntry.MAX_LENGTH + 10];

      int end = KeyEntry.encode(head, offset, bytes, 10);
      KeyEntry entry = new KeyEntry();
      entry.decode(bytes, 10);

      assertThat(entry.end()).isEqualTo(end);
      assertThat(entry.bytes()).isSameAs(bytes);
      assertThat(entry.at()).isEqualTo(10);
      assertThat(entry.keyAt()).isEqualTo(13).isEqualTo(KeyEntry.keyAt(10));
      assertThat(entry.key()).isEqualTo(KEY);
      assertThat(entry.keyLength()).isEqualTo(8).isEqualTo(KeyEntry.keyLength(bytes, 10));
      assertThat(entry.isTombstone()).isEqualTo(head.type() == Frame.TYPE_TOMBSTONE);
      assertThat(entry.isPlain()).isEqualTo(head.isPlain());
      assertThat(entry.offset()).isEqualTo(offset);
      assertThat(entry.sequence()).isEqualTo(1L << 33);
      assertThat(entry.valueLength()).isEqualTo(head.valueLength());
      assertThat(entry.headLength()).isEqualTo(head.length());
      assertThat(entry.frameLength()).isEqualTo(head.frameLength());
      assertThat(entry.expiresAtMillis()).isEqualTo(head.expiresAtMillis());
      assertThat(entry.isPossible(1)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 300, 1 << 20})
  void an_entry_of_a_merged_file_tells_the_same_and_its_segment(int place) throws FormatException {
    for (Mutation mutation : mutations()) {
      byte[] bytes = new byte[KeyEntry.MAX_LENGTH];
      KeyEntry.encode(head(EncodedFrame.of(mutation, false), 9), OFFSET, bytes, 0);
      KeyEntry entry = new KeyEntry();
      entry.decode(bytes, 0);
      byte[] once = new byte[KeyEntry.MAX_LENGTH];
      entry.encodeMerged(12_345, once);
      KeyEntry mergedOnce = new KeyEntry();
      mergedOnce.decode(once, 0);

      byte[] again = new byte[KeyEntry.MAX_LENGTH];
      int end = mergedOnce.encodeMerged(place, again);
      KeyEntry merged = new KeyEntry();
      merged.decode(again, 0);

      assertThat(entry.place()).isZero();
      assertThat(mergedOnce.place()).isEqualTo(12_345);
      assertThat(merged.place()).isEqualTo(place);
      assertThat(merged.end()).isEqualTo(end);
      assertThat(merged.isPossible(place + 1)).isTrue();
      assertThat(merged.isPossible(place)).isFalse();
      assertThat(merged.key()).isEqualTo(KEY);
      assertThat(merged.isTombstone()).isEqualTo(entry.isTombstone());
      assertThat(merged.isPlain()).isEqualTo(entry.isPlain());
      assertThat(merged.offset()).isEqualTo(OFFSET);
      assertThat(merged.sequence()).isEqualTo(9);
      assertThat(merged.valueLength()).isEqualTo(entry.valueLength());
      assertThat(merged.headLength()).isEqualTo(entry.headLength());
      assertThat(merged.frameLength()).isEqualTo(entry.frameLength());
      assertThat(merged.expiresAtMillis()).isEqualTo(entry.expiresAtMillis());
    }
  }

  @Test
  void an_entry_of_a_value_in_a_file_of_its_own_tells_its_length() throws FormatException {
    Mutation.Put put = Mutation.Put.of(KEY, Value.empty());
    FrameHead head = head(EncodedFrame.of(put, StoredValue.external(13, 1_000_000), false), 7);
    byte[] bytes = new byte[KeyEntry.MAX_LENGTH];

    KeyEntry.encode(head, 64, bytes, 0);
    KeyEntry entry = new KeyEntry();
    entry.decode(bytes, 0);

    assertThat(entry.isPlain()).isFalse();
    assertThat(entry.valueLength()).isEqualTo(1_000_000);
    assertThat(entry.frameLength()).isEqualTo(head.frameLength()).isLessThan(100);
  }

  @Test
  void entries_are_in_the_unsigned_order_of_their_keys() throws FormatException {
    byte[][] keys = {{1}, {1, 0}, {1, 127}, {1, (byte) 128}, {2}, {(byte) 255}};
    byte[] bytes = new byte[100 * keys.length];
    for (int i = 0; i < keys.length; i++) {
      Mutation put = Mutation.Put.of(Key.copyOf(keys[i]), Value.of("v"));
      KeyEntry.encode(head(EncodedFrame.of(put, false), 1), 64, bytes, 100 * i);
    }

    for (int i = 0; i < keys.length; i++) {
      for (int j = 0; j < keys.length; j++) {
        int order = Integer.signum(Integer.compare(i, j));
        assertThat(Integer.signum(KeyEntry.compareKeys(bytes, 100 * i, bytes, 100 * j)))
            .isEqualTo(order);
        assertThat(Integer.signum(KeyEntry.compareKey(bytes, 100 * i, keys[j]))).isEqualTo(order);
      }
    }
  }

  @Test
  void an_entry_before_the_first_frame_of_a_segment_is_not_possible() throws FormatException {
    assertThat(entryAt(SegmentHeader.LENGTH).isPossible(1)).isTrue();
    assertThat(entryAt(SegmentHeader.LENGTH - 8).isPossible(1)).isFalse();
  }

  private static KeyEntry entryAt(long offset) throws FormatException {
    byte[] bytes = new byte[KeyEntry.MAX_LENGTH];
    KeyEntry.encode(head(EncodedFrame.of(Mutation.Delete.of(KEY), false), 1), offset, bytes, 0);
    KeyEntry entry = new KeyEntry();
    entry.decode(bytes, 0);
    return entry;
  }

  @Test
  void an_entry_without_a_key_or_a_sequence_number_is_not_possible() throws FormatException {
    KeyEntry entry = new KeyEntry();
    byte[] withoutSequence = {1, 0, 0, 'k', 8, 0, 0, 0};
    entry.decode(withoutSequence, 0);
    assertThat(entry.isPossible(1)).isFalse();
    byte[] withoutKey = {0, 0, 0, 8, 1, 0, 0};
    entry.decode(withoutKey, 0);
    assertThat(entry.isPossible(1)).isFalse();
    byte[] possible = {1, 0, 0, 'k', 8, 1, 0, 0};
    entry.decode(possible, 0);
    assertThat(entry.isPossible(1)).isTrue();
    assertThat(entry.expiresAtMillis()).isEqualTo(EntryInfo.NEVER_MILLIS);
  }

  private static List<Mutation> mutations() {
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("v".repeat(200)));
    return List.of(
        put,
        put.with(Expiry.at(Instant.ofEpochMilli(99_000))),
        put.with(Attributes.of("content-type", "text/plain")),
        Mutation.Put.of(KEY, Value.empty()),
        Mutation.Put.of(KEY, Value.wrap(new byte[70_000])),
        Mutation.Delete.of(KEY));
  }

  private static FrameHead head(EncodedFrame frame, long sequence) throws FormatException {
    frame.stamp(sequence, 5_000);
    frame.place(FormatExamples.FILE, OFFSET);
    return FrameHead.parse(frame.bytes(), 0);
  }

  // ---- blocks

  @Test
  void a_leaf_tells_where_each_of_its_entries_begins() {
    KeyBlock.Builder builder = new KeyBlock.Builder();
    assertThat(builder.isEmpty()).isTrue();
    for (int i = 0; i < 100; i++) {
      builder.add(new byte[] {9, (byte) i, 9}, 1, 1 + i % 2);
    }
    assertThat(builder.isEmpty()).isFalse();

    byte[] block = builder.end(FILE, OFFSET);

    assertThat(block).hasSize(8 + 150 + 2 * 100 + 6).hasSize(KeyBlock.length(block));
    assertThat(KeyBlock.previousLength(block)).isZero();
    assertThat(KeyBlock.entries(block)).isEqualTo(100);
    for (int i = 0; i < 100; i++) {
      assertThat(KeyBlock.entryAt(block, i)).isEqualTo(8 + i + i / 2);
      assertThat(block[KeyBlock.entryAt(block, i)]).isEqualTo((byte) i);
    }
  }

  @Test
  void a_block_knows_the_length_of_the_one_before_it() {
    KeyBlock.Builder builder = new KeyBlock.Builder();
    builder.add(new byte[5], 0, 5);
    byte[] first = builder.end(FILE, OFFSET);
    assertThat(builder.isEmpty()).isTrue();
    builder.add(new byte[9], 0, 9);

    byte[] second = builder.end(FILE, OFFSET + first.length);

    assertThat(first).hasSize(8 + 5 + 2 + 6);
    assertThat(second).hasSize(8 + 9 + 2 + 6);
    assertThat(KeyBlock.previousLength(second)).isEqualTo(first.length);
    assertThat(KeyBlock.entryAt(second, 0)).isEqualTo(8);
  }

  @Test
  void a_block_is_full_when_another_entry_would_make_it_longer_than_4096_bytes() {
    KeyBlock.Builder builder = new KeyBlock.Builder();
    assertThat(builder.isFullFor(100_000)).isFalse();
    builder.add(new byte[2_000], 0, 2_000);

    assertThat(builder.isFullFor(4_096 - 8 - 2_000 - 2 * 2 - 6)).isFalse();
    assertThat(builder.isFullFor(4_096 - 8 - 2_000 - 2 * 2 - 6 + 1)).isTrue();
  }

  @Test
  void a_block_takes_one_entry_of_any_length_and_two_children() {
    KeyBlock.Builder builder = new KeyBlock.Builder();
    builder.add(new byte[70_000], 0, 70_000);
    assertThat(builder.end(FILE, OFFSET)).hasSize(8 + 70_000 + 2 + 6);

    builder.addChild(new byte[60_000], 64);
    assertThat(builder.isFullForChild(60_000)).isFalse();
    builder.addChild(new byte[60_000], 128);
    assertThat(builder.isFullForChild(1)).isTrue();
    assertThat(builder.end(FILE, OFFSET)).hasSize(8 + 10 + 60_010 + 2 * 2 + 6);
  }

  @Test
  void a_block_above_the_leaves_tells_keys_and_offsets_and_leaves_out_the_first_key() {
    KeyBlock.Builder builder = new KeyBlock.Builder();
    builder.addChild(new byte[] {5}, 64);
    builder.addChild(new byte[] {7, 1}, 1L << 40);

    byte[] block = builder.end(FILE, OFFSET);

    assertThat(KeyBlock.childLength(2)).isEqualTo(12);
    assertThat(block).hasSize(8 + 10 + 12 + 2 * 2 + 6);
    assertThat(KeyBlock.child(block, 0)).isEqualTo(64);
    assertThat(KeyBlock.child(block, 1)).isEqualTo(1L << 40);
    assertThat(KeyBlock.compareChildKey(block, 0, new byte[0])).isZero();
    assertThat(KeyBlock.compareChildKey(block, 1, new byte[] {7, 1})).isZero();
    assertThat(KeyBlock.compareChildKey(block, 1, new byte[] {7})).isPositive();
    assertThat(KeyBlock.compareChildKey(block, 1, new byte[] {7, 2})).isNegative();
  }

  @Test
  void a_block_is_intact_at_its_own_place_only() {
    KeyBlock.Builder builder = new KeyBlock.Builder();
    builder.add(new byte[] {1, 2, 3}, 0, 3);
    byte[] block = builder.end(FILE, OFFSET);

    assertThat(KeyBlock.isIntact(block, FILE, OFFSET)).isTrue();
    assertThat(KeyBlock.isIntact(block, FILE, OFFSET + 1)).isFalse();
    for (int at = 4; at < block.length; at++) { // The length is checked before.
      byte[] damaged = block.clone();
      damaged[at] ^= 1;
      assertThat(KeyBlock.isIntact(damaged, FILE, OFFSET)).as("byte %d", at).isFalse();
    }
  }

  // ---- footer, header, filter and list of segments

  @Test
  void a_footer_tells_all_that_was_written() throws FormatException {
    byte[] bytes = FOOTER.encode(FILE, OFFSET);

    assertThat(KeyFileFooter.decode(bytes, FILE, OFFSET)).isEqualTo(FOOTER);
    for (int i = 0; i < 8; i++) {
      assertThat(LittleEndian.getLong(bytes, 8 * i)).isEqualTo(i + 1);
    }
    assertThat(LittleEndian.getInt(bytes, 64)).isEqualTo(9);
    assertThat(LittleEndian.getInt(bytes, 68)).isEqualTo(10);
    assertThat(LittleEndian.getInt(bytes, 72)).isEqualTo(11);
    assertThat(LittleEndian.getInt(bytes, 76)).isEqualTo(12);
    assertThat(LittleEndian.getLong(bytes, 80)).isEqualTo(13);
  }

  @Test
  void a_footer_is_refused_when_it_is_damaged_or_elsewhere() {
    byte[] bytes = FOOTER.encode(FILE, OFFSET);

    Flips.ofEveryBit(
        bytes,
        (bit, damaged) ->
            assertThatExceptionOfType(FormatException.class)
                .as("bit %d", bit)
                .isThrownBy(() -> KeyFileFooter.decode(damaged, FILE, OFFSET)));
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> KeyFileFooter.decode(bytes, FILE, OFFSET + 1))
        .withMessage("has a footer whose checksum does not fit");
  }

  @Test
  void a_list_of_segments_is_read_as_it_was_written_or_refused() throws FormatException {
    List<MergedSegment> segments =
        List.of(new MergedSegment(7, 4_096, 12), new MergedSegment(1L << 30, 1L << 33, 0));
    byte[] bytes = MergedSegment.encode(segments, FILE, OFFSET);

    assertThat(bytes).hasSize(2 * 24 + 4).hasSize((int) MergedSegment.listLength(2));
    assertThat(LittleEndian.getLong(bytes, 0)).isEqualTo(7);
    assertThat(LittleEndian.getLong(bytes, 8)).isEqualTo(4_096);
    assertThat(LittleEndian.getLong(bytes, 16)).isEqualTo(12);
    assertThat(MergedSegment.decode(bytes, FILE, OFFSET)).isEqualTo(segments);
    Flips.ofEveryBit(
        bytes,
        (bit, damaged) ->
            assertThatExceptionOfType(FormatException.class)
                .as("bit %d", bit)
                .isThrownBy(() -> MergedSegment.decode(damaged, FILE, OFFSET)));
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> MergedSegment.decode(bytes, FILE, OFFSET + 8))
        .withMessage("has a list of segments whose checksum does not fit");
  }

  @Test
  void a_header_tells_its_store_and_segment_and_is_refused_when_it_is_damaged()
      throws FormatException {
    KeyFileHeader header = new KeyFileHeader(FormatExamples.STORE, 12);
    byte[] unknown = header.encode();
    unknown[45] = 1;
    FileHeader.seal(unknown);

    assertThat(KeyFileHeader.decode(header.encode())).isEqualTo(header);
    Flips.ofEveryBit(
        header.encode(),
        (bit, damaged) ->
            assertThatExceptionOfType(FormatException.class)
                .as("bit %d", bit)
                .isThrownBy(() -> KeyFileHeader.decode(damaged)));
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> KeyFileHeader.decode(unknown))
        .withMessage("has a header with something where zeros should be");
  }

  @Test
  void bytes_of_a_segment_never_fit_in_its_key_file() {
    FileIdentity identity = KeyFileHeader.identity(FormatExamples.FILE);

    assertThat(identity.mask(OFFSET)).isNotEqualTo(FormatExamples.FILE.mask(OFFSET));
    assertThat(identity.store().high()).isEqualTo(~FormatExamples.STORE.high());
    assertThat(identity.store().low()).isEqualTo(FormatExamples.STORE.low());
    assertThat(identity.fileNumber()).isEqualTo(FormatExamples.FILE.fileNumber());
  }

  @Test
  void a_newer_and_a_foreign_file_are_told_from_a_damaged_one() {
    byte[] newer = new KeyFileHeader(FormatExamples.STORE, 12).encode();
    newer[8]++;
    FileHeader.seal(newer);
    byte[] foreign = FormatExamples.HEADER.encode();

    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> KeyFileHeader.decode(newer))
        .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FormatException.Kind.NEWER));
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> KeyFileHeader.decode(foreign))
        .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(FormatException.Kind.FOREIGN));
  }

  @Test
  void a_page_of_a_filter_has_64_blocks_and_a_checksum() {
    assertThat(KeyFileFilter.pageLength(64)).isEqualTo(KeyFileFilter.PAGE_LENGTH).isEqualTo(4_100);
    assertThat(KeyFileFilter.pageLength(1)).isEqualTo(68);
  }
}
