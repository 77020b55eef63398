package io.minikv.engine.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.engine.format.EncodedFrame;
import io.minikv.engine.format.FileIdentity;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.SimulatedDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames are found behind any damage, and told apart from all that is none. */
class FrameFileTest {

  private static final FileIdentity FILE = new FileIdentity(new StoreId(1, 2), 7);
  private static final String NAME = "000000007.log";
  private static final int HEADER_LENGTH = 64;
  private static final int CHUNK_LENGTH = 64 << 10;

  /** The length of the head of a record with a key of eight letters. */
  private static final int HEAD_LENGTH = 32 + 8;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long sequence;

  FrameFileTest() {
    bytes.writeBytes(new byte[HEADER_LENGTH]);
  }

  // ---- gaps

  @Test
  void whole_frames_follow_each_other() throws IOException {
    put("one", new byte[10]);
    put("two", new byte[0]);
    bytes.writeBytes(EncodedFrame.watermark(FILE, bytes.size(), 3, bytes.size(), true));

    assertThat(visit(bytes.size())).containsExactly("64 one", "120 two", "160 watermark");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        8,
        16,
        CHUNK_LENGTH - 72,
        CHUNK_LENGTH - 64,
        CHUNK_LENGTH - 32,
        CHUNK_LENGTH - 8,
        CHUNK_LENGTH,
        CHUNK_LENGTH + 8,
        CHUNK_LENGTH + 32,
        CHUNK_LENGTH + 64,
        3 * CHUNK_LENGTH
      })
  void a_gap_ends_where_the_next_intact_frame_begins(int length) throws IOException {
    byte[] gap = new byte[length];
    for (byte filler : new byte[] {0, 1}) { // A frame of type 1 may begin anywhere.
      bytes.reset();
      bytes.writeBytes(new byte[HEADER_LENGTH]);
      put("first", new byte[3]);
      int gapAt = bytes.size();
      Arrays.fill(gap, filler);
      bytes.writeBytes(gap);
      put("next", new byte[3]);

      assertThat(visit(bytes.size()))
          .containsExactly(
              "64 first",
              "gap " + gapAt + " to " + (gapAt + length) + (filler == 0 ? " zeros" : ""),
              (gapAt + length) + " next");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 1_000, CHUNK_LENGTH, CHUNK_LENGTH + 31, 2 * CHUNK_LENGTH + 5})
  void a_gap_may_reach_to_the_end(int length) throws IOException {
    bytes.writeBytes(new byte[length]);
    int end = HEADER_LENGTH + length;
    assertThat(visit(end)).containsExactly("gap 64 to " + end + " zeros");

    for (int at : new int[] {HEADER_LENGTH, HEADER_LENGTH + length / 2, end - 1}) {
      byte[] file = bytes.toByteArray();
      file[at] = 9;
      assertThat(visit(file, end)).containsExactly("gap 64 to " + end);
    }
  }

  @Test
  void frames_of_another_file_or_another_place_are_a_gap() throws IOException {
    put("here", new byte[8]);
    byte[] frame = Arrays.copyOfRange(bytes.toByteArray(), HEADER_LENGTH, bytes.size());
    bytes.writeBytes(frame);
    put("last", new byte[0]);

    assertThat(visit(bytes.size())).containsExactly("64 here", gap(112, 160), "160 last");
    assertThat(visitAs(new FileIdentity(new StoreId(1, 2), 8), bytes.toByteArray(), bytes.size()))
        .containsExactly(gap(64, bytes.size()));
  }

  private static String gap(int from, int to) {
    return "gap " + from + " to " + to;
  }

  // ---- the limit

  @Test
  void nothing_behind_the_limit_is_looked_at() throws IOException {
    put("inside", new byte[8]);
    int limit = bytes.size();
    put("behind", new byte[8]);

    assertThat(visit(limit)).containsExactly("64 inside");
    assertThat(visit(HEADER_LENGTH)).isEmpty();
    assertThat(visit(10)).isEmpty();
    assertThat(visit(0)).isEmpty();
  }

  @Test
  void a_head_that_reaches_over_the_limit_is_a_gap() throws IOException {
    put("12345678", new byte[100]);

    for (int length = 1; length < HEAD_LENGTH; length++) {
      assertThat(visit(HEADER_LENGTH + length)).containsExactly(gap(64, 64 + length));
    }
    assertThat(visit(HEADER_LENGTH + HEAD_LENGTH)).containsExactly("64 12345678");
  }

  @Test
  void a_value_that_reaches_over_the_limit_is_cut_short() throws IOException {
    put("12345678", new byte[100]);
    int end = bytes.size();

    assertThat(problem(bytes.toByteArray(), end)).isEmpty();
    for (int limit : new int[] {HEADER_LENGTH + HEAD_LENGTH, end - 8, end - 1}) {
      assertThat(problem(bytes.toByteArray(), limit)).contains("has a record that is cut short");
    }
  }

  @Test
  void a_file_that_becomes_shorter_is_no_damage_but_a_failure() throws IOException {
    put("key", new byte[100]);

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> visit(bytes.size() + 1))
        .withMessage(NAME + " became shorter while it was read");
  }

  // ---- values

  @ParameterizedTest
  @ValueSource(ints = {1, 100, CHUNK_LENGTH, CHUNK_LENGTH + 1, 2 * CHUNK_LENGTH + 77})
  void any_damaged_byte_of_a_value_is_noticed(int length) throws IOException {
    put("12345678", new byte[length]);
    int blocks = (length + CHUNK_LENGTH - 1) / CHUNK_LENGTH;
    int valueAt = HEADER_LENGTH + HEAD_LENGTH + 4 * blocks;
    assertThat(problem(bytes.toByteArray(), bytes.size())).isEmpty();

    for (int block = 0; block < blocks; block++) {
      int from = block * CHUNK_LENGTH;
      int to = Math.min(length, from + CHUNK_LENGTH);
      int checksumAt = HEADER_LENGTH + HEAD_LENGTH + 4 * block;
      for (int at : new int[] {checksumAt, valueAt + from, valueAt + to - 1}) {
        byte[] damaged = bytes.toByteArray();
        damaged[at] ^= 1;
        assertThat(problem(damaged, bytes.size()))
            .as("byte " + at)
            .contains("has a value whose checksum does not fit");
      }
    }
  }

  @Test
  void bytes_behind_a_record_are_zeros() throws IOException {
    put("12345678", new byte[] {1});
    put("next", new byte[0]);
    int paddingAt = HEADER_LENGTH + HEAD_LENGTH + 4 + 1;
    int end = HEADER_LENGTH + 48;

    assertThat(hasCleanPadding(bytes.toByteArray(), bytes.size())).isTrue();
    for (int at = paddingAt; at < end; at++) {
      byte[] damaged = bytes.toByteArray();
      damaged[at] = 1;
      assertThat(hasCleanPadding(damaged, bytes.size())).isFalse();
      assertThat(problem(damaged, bytes.size())).isEmpty();
      assertThat(hasCleanPadding(damaged, at)).as("up to the limit").isTrue();
    }
  }

  // ---- helpers

  private void put(String key, byte[] value) {
    EncodedFrame frame = EncodedFrame.of(Mutation.Put.of(Key.of(key), Value.wrap(value)), false);
    frame.stamp(++sequence, 0);
    frame.place(FILE, bytes.size());
    bytes.writeBytes(frame.bytes());
  }

  /** What is told of the file. */
  private List<String> visit(long limit) throws IOException {
    return visit(bytes.toByteArray(), limit);
  }

  private static List<String> visit(byte[] file, long limit) throws IOException {
    return visitAs(FILE, file, limit);
  }

  private static List<String> visitAs(FileIdentity identity, byte[] file, long limit)
      throws IOException {
    List<String> told = new ArrayList<>();
    open(file, identity, limit)
        .visit(
            new FrameFile.Visitor() {
              @Override
              public void onFrame(long offset, FrameHead head) {
                told.add(offset + " " + (head.isRecord() ? head.key().utf8() : "watermark"));
              }

              @Override
              public void onGap(long from, long to, boolean zeros) {
                told.add("gap " + from + " to " + to + (zeros ? " zeros" : ""));
              }
            });
    return told;
  }

  /** What is wrong with the value of the first record. */
  private static Optional<String> problem(byte[] file, long limit) throws IOException {
    FrameFile frames = open(file, FILE, limit);
    return frames.valueProblem(HEADER_LENGTH, frames.head(HEADER_LENGTH).orElseThrow());
  }

  private static boolean hasCleanPadding(byte[] file, long limit) throws IOException {
    FrameFile frames = open(file, FILE, limit);
    return frames.hasCleanPadding(HEADER_LENGTH, frames.head(HEADER_LENGTH).orElseThrow());
  }

  private static FrameFile open(byte[] bytes, FileIdentity identity, long limit)
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (DiskFile file = disk.create(NAME)) {
      file.write(0, ByteBuffer.wrap(bytes));
    }
    return new FrameFile(disk.open(NAME, Disk.Access.READ), identity, limit);
  }
}
