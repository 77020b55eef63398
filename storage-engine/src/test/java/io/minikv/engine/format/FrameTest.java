package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Attributes;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FrameTest {

  private static final long OFFSET = 4096;
  private static final Key KEY = Key.of("user:123");
  private static final FileIdentity FILE = FormatExamples.FILE;

  // ---- what is written is what is read

  @Test
  void a_put_tells_all_that_was_written() throws FormatException {
    Attributes attributes = Attributes.copyOf(Map.of("content-type", "text/plain", "ä", ""));
    Mutation.Put put =
        Mutation.Put.of(KEY, Value.of("Ada"))
            .with(attributes)
            .with(Expiry.at(Instant.ofEpochMilli(99_000)));

    FrameHead head = FrameHead.parse(encode(put, 7, 5_000), 0);

    assertThat(head.isIntact(FILE, OFFSET)).isTrue();
    assertThat(head.isRecord()).isTrue();
    assertThat(head.continues()).isFalse();
    assertThat(head.hasKey(KEY)).isTrue();
    assertThat(head.hasKey(Key.of("user:124"))).isFalse();
    assertThat(head.info(head.key()))
        .isEqualTo(new EntryInfo(KEY, new Version(7), 3, attributes, 5_000, 99_000));
  }

  @Test
  void a_time_to_live_begins_with_the_stamp() throws FormatException {
    Mutation.Put put =
        Mutation.Put.of(KEY, Value.empty()).with(Expiry.after(Duration.ofSeconds(10)));

    FrameHead head = FrameHead.parse(encode(put, 7, 5_000), 0);

    assertThat(head.expiresAtMillis()).isEqualTo(15_000);
    assertThat(head.valueLength()).isZero();
  }

  @Test
  void the_greatest_key_and_attributes_fit() throws FormatException {
    Key key = Key.copyOf(new byte[Key.MAX_LENGTH]);
    Attributes attributes = greatestAttributes();
    Mutation.Put put = Mutation.Put.of(key, Value.of("v")).with(attributes);

    FrameHead head = FrameHead.parse(encode(put, 1, 1), 0);

    assertThat(head.isIntact(FILE, OFFSET)).isTrue();
    assertThat(head.length()).isLessThanOrEqualTo(Frame.MAX_HEAD_LENGTH);
    assertThat(head.key()).isEqualTo(key);
    assertThat(head.info(key).attributes()).isEqualTo(attributes);
  }

  private static Attributes greatestAttributes() {
    Map<String, String> texts = new LinkedHashMap<>();
    int each = Attributes.MAX_BYTES / Attributes.MAX_COUNT;
    for (int i = 0; i < Attributes.MAX_COUNT; i++) {
      texts.put("n%02d".formatted(i), "x".repeat(each - 3));
    }
    return Attributes.copyOf(texts);
  }

  @Test
  void a_tombstone_holds_its_key_only() throws FormatException {
    FrameHead head = FrameHead.parse(encode(Mutation.Delete.of(KEY), 8, 5_000), 0);

    assertThat(head.type()).isEqualTo(Frame.TYPE_TOMBSTONE);
    assertThat(head.key()).isEqualTo(KEY);
    assertThat(head.sequence()).isEqualTo(8);
    assertThat(head.writtenAtMillis()).isEqualTo(5_000);
    assertThat(head.frameLength()).isEqualTo(40);
  }

  @Test
  void a_watermark_tells_what_is_durable_and_a_seal_that_the_segment_ends() throws FormatException {
    FrameHead plain = FrameHead.parse(EncodedFrame.watermark(FILE, OFFSET, 9, 4000, false), 0);
    FrameHead seal = FrameHead.parse(EncodedFrame.watermark(FILE, OFFSET, 9, 4000, true), 0);

    assertThat(plain.isIntact(FILE, OFFSET)).isTrue();
    assertThat(plain.isRecord()).isFalse();
    assertThat(plain.isSeal()).isFalse();
    assertThat(plain.durableOffset()).isEqualTo(4000);
    assertThat(plain.sequence()).isEqualTo(9);
    assertThat(seal.isIntact(FILE, OFFSET)).isTrue();
    assertThat(seal.isSeal()).isTrue();
  }

  @Test
  void all_records_of_a_batch_but_the_last_continue() throws FormatException {
    EncodedFrame first = EncodedFrame.of(Mutation.Delete.of(KEY), true);
    EncodedFrame last = EncodedFrame.of(Mutation.Delete.of(KEY), true);
    last.endBatch();
    first.stamp(1, 0);
    last.stamp(1, 0);
    first.place(FILE, OFFSET);
    last.place(FILE, OFFSET);

    assertThat(FrameHead.parse(first.bytes(), 0).continues()).isTrue();
    assertThat(FrameHead.parse(last.bytes(), 0).continues()).isFalse();
    assertThat(FrameHead.parse(last.bytes(), 0).isIntact(FILE, OFFSET)).isTrue();
  }

  @Test
  void a_copy_is_what_would_have_been_written_at_its_new_place() throws FormatException {
    Mutation.Put put = Mutation.Put.of(KEY, Value.wrap(random(3 * Frame.BLOCK_LENGTH + 1)));
    byte[] original = encode(put, 7, 5_000);
    FileIdentity other = new FileIdentity(FormatExamples.STORE, 13);
    EncodedFrame expected = EncodedFrame.of(put, false);
    expected.stamp(7, 5_000);
    expected.place(other, 64);

    EncodedFrame copy =
        EncodedFrame.copyOf(original.clone(), FrameHead.parse(original, 0), FILE, OFFSET);
    copy.place(other, 64);

    assertThat(copy.bytes()).isEqualTo(expected.bytes());
  }

  @Test
  void each_block_of_a_value_has_a_checksum_bound_to_its_place() throws FormatException {
    byte[] value = random(2 * Frame.BLOCK_LENGTH + 10);
    byte[] frame = encode(Mutation.Put.of(KEY, Value.wrap(value)), 7, 5_000);
    FrameHead head = FrameHead.parse(frame, 0);

    assertThat(head.storedAt()).isEqualTo(head.length() + 3 * Frame.CHECKSUM_LENGTH);
    for (int block = 0; block < 3; block++) {
      int from = block * Frame.BLOCK_LENGTH;
      int length = Math.min(Frame.BLOCK_LENGTH, value.length - from);
      assertThat(LittleEndian.getInt(frame, head.length() + block * Frame.CHECKSUM_LENGTH))
          .isEqualTo(Checksum.of(value, from, length) ^ FILE.mask(OFFSET + head.storedAt() + from));
    }
  }

  @Test
  void the_number_of_blocks_follows_the_length() {
    assertThat(Frame.blocks(0)).isZero();
    assertThat(Frame.blocks(1)).isEqualTo(1);
    assertThat(Frame.blocks(Frame.BLOCK_LENGTH)).isEqualTo(1);
    assertThat(Frame.blocks(Frame.BLOCK_LENGTH + 1)).isEqualTo(2);
    assertThat(Frame.blocks(Integer.MAX_VALUE)).isEqualTo(32_768);
  }

  @Test
  void a_frame_to_be_written_tells_what_its_head_will() throws FormatException {
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("Ada"));
    for (EncodedFrame frame :
        new EncodedFrame[] {
          EncodedFrame.of(put, false),
          EncodedFrame.of(put.with(Expiry.at(Instant.ofEpochMilli(99_000))), false),
          EncodedFrame.of(put.with(Expiry.after(Duration.ofSeconds(10))), true),
          EncodedFrame.of(put, StoredValue.external(13, 1_000_000), false),
          EncodedFrame.of(Mutation.Delete.of(KEY), true)
        }) {
      frame.stamp(7, 5_000);
      frame.place(FILE, OFFSET);
      FrameHead head = FrameHead.parse(frame.bytes(), 0);

      assertThat(frame.length())
          .isEqualTo(frame.bytes().length)
          .isEqualTo((int) head.frameLength());
      assertThat(frame.valueLength()).isEqualTo(head.valueLength());
      assertThat(frame.expiresAtMillis()).isEqualTo(head.expiresAtMillis());
      assertThat(frame.isExternal()).isEqualTo(head.isExternal());
      assertThat(head.isPlain()).isNotEqualTo(head.isExternal());
      if (head.isExternal()) {
        assertThat(frame.valueFile()).isEqualTo(head.valueFile()).isEqualTo(13);
      }
    }
  }

  @Test
  void a_compressed_value_tells_its_codec_and_its_own_length() throws FormatException {
    FrameHead head = FrameHead.parse(compressed(1_000), 0);

    assertThat(head.isIntact(FILE, OFFSET)).isTrue();
    assertThat(head.isCompressed()).isTrue();
    assertThat(head.isPlain()).isFalse();
    assertThat(head.codec()).isEqualTo(2);
    assertThat(head.valueLength()).isEqualTo(1_000);
    assertThat(head.storedLength()).isEqualTo(3);
  }

  @Test
  void a_length_that_no_value_can_have_is_damage_though_the_checksum_fits() throws FormatException {
    assertThat(FrameHead.parse(compressed(0), 0).isIntact(FILE, OFFSET)).isTrue();
    assertThat(FrameHead.parse(compressed(Value.MAX_LENGTH), 0).isIntact(FILE, OFFSET)).isTrue();
    assertThat(FrameHead.parse(compressed(-1), 0).isIntact(FILE, OFFSET)).isFalse();
    assertThat(FrameHead.parse(compressed(Value.MAX_LENGTH + 1), 0).isIntact(FILE, OFFSET))
        .isFalse();
  }

  private static byte[] compressed(int length) {
    StoredValue stored = StoredValue.compressed(Value.of("Ada"), length, 2);
    EncodedFrame frame = EncodedFrame.of(Mutation.Put.of(KEY, Value.of("Ada")), stored, false);
    frame.stamp(7, 5_000);
    frame.place(FILE, OFFSET);
    return frame.bytes();
  }

  @Test
  void a_copy_of_a_record_of_a_batch_stands_on_its_own() throws FormatException {
    EncodedFrame first = EncodedFrame.of(Mutation.Delete.of(KEY), true);
    first.stamp(1, 0);
    first.place(FILE, OFFSET);

    FrameHead head = FrameHead.parse(first.bytes(), 0);
    EncodedFrame copy = EncodedFrame.copyOf(first.bytes().clone(), head, FILE, OFFSET);

    assertThat(FrameHead.parse(copy.bytes(), 0).continues()).isFalse();
  }

  @Test
  void an_entry_has_expired_from_the_moment_on_that_was_set() {
    assertThat(Frame.isExpired(5_000, 4_999)).isFalse();
    assertThat(Frame.isExpired(5_000, 5_000)).isTrue();
    assertThat(Frame.isExpired(5_000, 5_001)).isTrue();
    assertThat(Frame.isExpired(EntryInfo.NEVER_MILLIS, Long.MAX_VALUE)).isFalse();
  }

  @Test
  void a_value_is_intact_where_it_stands_and_as_it_was_written() throws FormatException {
    byte[] frame =
        encode(Mutation.Put.of(KEY, Value.wrap(random(2 * Frame.BLOCK_LENGTH + 10))), 7, 5_000);
    byte[] shifted = new byte[frame.length + 24];
    System.arraycopy(frame, 0, shifted, 24, frame.length);
    FrameHead head = FrameHead.parse(frame, 0);
    int storedAt = (int) head.storedAt();

    assertThat(head.isStoredIntact(frame, 0, FILE, OFFSET)).isTrue();
    assertThat(FrameHead.parse(shifted, 24).isStoredIntact(shifted, 24, FILE, OFFSET)).isTrue();
    assertThat(head.isStoredIntact(frame, 0, FILE, OFFSET + 8)).isFalse();
    for (int block = 0; block < 3; block++) {
      byte[] damaged = frame.clone();
      damaged[storedAt + block * Frame.BLOCK_LENGTH]++;
      assertThat(head.isStoredIntact(damaged, 0, FILE, OFFSET)).as("block %d", block).isFalse();
    }
  }

  @Test
  void the_durable_offset_is_that_of_an_intact_watermark_only() {
    byte[] watermark = EncodedFrame.watermark(FILE, OFFSET, 9, 4000, false);
    byte[] tombstone = encode(Mutation.Delete.of(KEY), 8, 5_000);

    assertThat(FrameHead.durableOffset(watermark, 0, FILE, OFFSET)).isEqualTo(4000);
    assertThat(FrameHead.durableOffset(watermark, 0, FILE, OFFSET + 8)).isZero();
    assertThat(FrameHead.durableOffset(tombstone, 0, FILE, OFFSET)).isZero();
    assertThat(FrameHead.durableOffset(new byte[Frame.WATERMARK_LENGTH], 0, FILE, OFFSET)).isZero();
  }

  @Test
  void only_the_three_types_may_begin_a_frame() {
    for (int type = -1; type <= 5; type++) {
      byte[] bytes = new byte[Frame.FIXED_LENGTH];
      bytes[Frame.TYPE_AT] = (byte) type;
      assertThat(Frame.mayBegin(bytes, 0)).as("type %d", type).isEqualTo(type >= 1 && type <= 3);
    }
  }

  // ---- what is damaged is not read

  @Test
  void every_flipped_bit_of_a_head_is_noticed() {
    new FormatExamples()
        .frames()
        .forEach((name, frame) -> {
          long offset = new FormatExamples().offset(name);
          Flips.ofEveryBit(
              headOf(frame),
              (bit, damaged) ->
                  assertThat(isIntact(damaged, offset)).as("%s, bit %d", name, bit).isFalse());
        });
  }

  private static byte[] headOf(byte[] frame) {
    try {
      return Arrays.copyOf(frame, FrameHead.parse(frame, 0).length());
    } catch (FormatException e) {
      throw new AssertionError(e);
    }
  }

  /** As a reader does: the rest of the head is there only where the fixed part says so. */
  private static boolean isIntact(byte[] bytes, long offset) {
    try {
      FrameHead head = FrameHead.parse(bytes, 0);
      return head.length() <= bytes.length && head.isIntact(FILE, offset);
    } catch (FormatException e) {
      return false;
    }
  }

  @Test
  void a_frame_is_intact_at_its_own_place_only() throws FormatException {
    FrameHead head = FrameHead.parse(encode(Mutation.Delete.of(KEY), 8, 5_000), 0);

    assertThat(head.isIntact(FILE, OFFSET)).isTrue();
    assertThat(head.isIntact(FILE, OFFSET + Frame.ALIGNMENT)).isFalse();
    assertThat(head.isIntact(new FileIdentity(FormatExamples.STORE, 13), OFFSET)).isFalse();
    assertThat(head.isIntact(new FileIdentity(new StoreId(1, 2), 12), OFFSET)).isFalse();
  }

  @Tag("lengthy")
  @Test
  void zeros_and_random_bytes_are_no_frame() {
    assertThatExceptionOfType(FormatException.class)
        .isThrownBy(() -> FrameHead.parse(new byte[Frame.FIXED_LENGTH], 0))
        .withMessage("has no frame there");
    Random random = new Random(1);
    byte[] bytes = new byte[Frame.MAX_HEAD_LENGTH];
    for (int i = 0; i < 10_000; i++) {
      random.nextBytes(bytes);
      assertThat(isIntact(bytes, OFFSET)).isFalse();
    }
  }

  @Test
  void reserved_flags_and_bytes_must_be_zero() {
    byte[] unknownFlag = encode(Mutation.Delete.of(KEY), 8, 5_000);
    unknownFlag[Frame.FLAGS_AT] |= 8;
    byte[] reserved = encode(Mutation.Delete.of(KEY), 8, 5_000);
    reserved[Frame.ZERO_AT] = 1;

    for (byte[] bytes : new byte[][] {unknownFlag, reserved}) {
      assertThatExceptionOfType(FormatException.class)
          .isThrownBy(() -> FrameHead.parse(bytes, 0))
          .withMessage("has no frame there");
    }
  }

  @Test
  void fields_that_contradict_each_other_are_no_frame() {
    EncodedFrame external =
        EncodedFrame.of(Mutation.Put.of(KEY, Value.empty()), StoredValue.external(13, 5), false);
    external.stamp(7, 5_000);
    byte[] put = encode(Mutation.Put.of(KEY, Value.of("Ada")), 7, 5_000);
    byte[] tombstone = encode(Mutation.Delete.of(KEY), 8, 5_000);
    byte[] watermark = EncodedFrame.watermark(FILE, OFFSET, 9, 4000, false);

    assertNoFrame("a put without a key", put, Frame.KEY_LENGTH_AT, -8);
    assertNoFrame("a put without a number", put, Frame.SEQUENCE_AT, -7);
    assertNoFrame("a negative length", put, Frame.STORED_LENGTH_AT + 3, 0x80);
    assertNoFrame("a seal on a put", put, Frame.FLAGS_AT, Frame.FLAG_SEAL);
    assertNoFrame("a value here and elsewhere", external.bytes(), Frame.STORED_LENGTH_AT, 1);
    assertNoFrame(
        "elsewhere and compressed", external.bytes(), Frame.FLAGS_AT, Frame.FLAG_COMPRESSED);
    assertNoFrame("too many attributes", put, Frame.ATTRIBUTES_LENGTH_AT + 1, 0xFF);
    assertNoFrame("a tombstone without a key", tombstone, Frame.KEY_LENGTH_AT, -8);
    assertNoFrame("a tombstone without a number", tombstone, Frame.SEQUENCE_AT, -8);
    assertNoFrame("a tombstone with a value", tombstone, Frame.STORED_LENGTH_AT, 1);
    assertNoFrame("a tombstone with attributes", tombstone, Frame.ATTRIBUTES_LENGTH_AT, 1);
    assertNoFrame("a tombstone that expires", tombstone, Frame.FLAGS_AT, Frame.FLAG_EXPIRES);
    assertNoFrame("a watermark with a key", watermark, Frame.KEY_LENGTH_AT, 1);
    assertNoFrame("a watermark with a value", watermark, Frame.STORED_LENGTH_AT, 1);
    assertNoFrame("a watermark with attributes", watermark, Frame.ATTRIBUTES_LENGTH_AT, 1);
    assertNoFrame("a watermark of a batch", watermark, Frame.FLAGS_AT, Frame.FLAG_CONTINUES);
  }

  private static void assertNoFrame(String what, byte[] frame, int at, int more) {
    byte[] bytes = frame.clone();
    bytes[at] += (byte) more;

    assertThatExceptionOfType(FormatException.class)
        .as(what)
        .isThrownBy(() -> FrameHead.parse(bytes, 0))
        .withMessage("has no frame there");
  }

  private static byte[] encode(Mutation mutation, long sequence, long nowMillis) {
    EncodedFrame frame = EncodedFrame.of(mutation, false);
    frame.stamp(sequence, nowMillis);
    frame.place(FILE, OFFSET);
    return frame.bytes();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
