package io.minikv.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Attributes;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Mutation;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values read in pieces. */
interface ReaderContract extends StoreUnderTest {

  @Test
  default void aReaderTellsAllThatIsKnownOfTheEntry() {
    Mutation.Put put = Mutation.Put.of(KEY, Value.of("value"));
    store().write(put.with(Attributes.of("name", "text")));
    try (ValueReader reader = open()) {
      assertThat(reader.info()).isEqualTo(store().info(KEY).orElseThrow());
      assertThat(reader.info().valueLength()).isEqualTo(5);
    }
  }

  @Test
  default void aReaderGivesTheWholeValueInPiecesOfAnySize() {
    byte[] value = randomBytes(200_000);
    store().put(KEY, Value.copyOf(value));
    for (int piece : new int[] {999, 4_096, 65_536, 65_537, 300_000}) {
      try (ValueReader reader = open()) {
        assertThat(readAll(reader, ByteBuffer.allocate(piece))).isEqualTo(value);
        assertThat(readAll(reader, ByteBuffer.allocateDirect(piece))).isEqualTo(value);
      }
    }
  }

  @Test
  default void aReaderReadsAnywhereInTheValue() {
    byte[] value = randomBytes(200_000);
    store().put(KEY, Value.copyOf(value));
    try (ValueReader reader = open()) {
      for (int position : new int[] {199_999, 0, 65_535, 65_536, 1, 131_071, 131_073, 100_000}) {
        ByteBuffer target = ByteBuffer.allocate(5);
        int expected = Math.min(5, value.length - position);
        int count = 0;
        while (count < expected) {
          int read = reader.read(position + count, target);
          assertThat(read).isBetween(1, expected - count);
          count += read;
          assertThat(target.position()).isEqualTo(count);
        }
        assertThat(Arrays.copyOf(target.array(), expected))
            .isEqualTo(Arrays.copyOfRange(value, position, position + expected));
      }
    }
  }

  @Test
  default void aReadFillsOnlyWhatRemainsOfTheTarget() {
    store().put(KEY, Value.of("0123456789"));
    try (ValueReader reader = open()) {
      byte[] bytes = "................".getBytes(StandardCharsets.US_ASCII);
      ByteBuffer target = ByteBuffer.wrap(bytes).position(4).limit(6);
      int read = reader.read(3, target);
      read += read < 2 ? reader.read(4, target) : 0;
      assertThat(read).isEqualTo(2);
      assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo("....34..........");
      assertThat(reader.read(0, target)).as("read into a full target").isZero();
    }
  }

  @Test
  default void theEndOfTheValueIsTold() {
    store().put(KEY, Value.of("value"));
    try (ValueReader reader = open()) {
      ByteBuffer target = ByteBuffer.allocate(10);
      assertThat(reader.read(5, target)).isEqualTo(-1);
      assertThat(target.position()).isZero();
    }
  }

  @Test
  default void anEmptyValueEndsAtItsBeginning() {
    store().put(KEY, Value.empty());
    try (ValueReader reader = open()) {
      assertThat(reader.info().valueLength()).isZero();
      assertThat(reader.read(0, ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  default void aPositionOutsideTheValueIsRefused() {
    store().put(KEY, Value.of("value"));
    try (ValueReader reader = open()) {
      for (long position : new long[] {-1, 6, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE}) {
        assertThatThrownBy(() -> reader.read(position, ByteBuffer.allocate(1)))
            .isInstanceOf(InvalidRequestException.class);
      }
      assertThat(readAll(reader, ByteBuffer.allocate(2)))
          .isEqualTo(Value.of("value").toByteArray());
    }
  }

  @Test
  default void aReaderGoesOnSeeingItsVersion() {
    byte[] value = randomBytes(100_000);
    store().put(KEY, Value.copyOf(value));
    try (ValueReader reader = open()) {
      store().put(KEY, Value.of("overwritten"));
      assertThat(readAll(reader, ByteBuffer.allocate(10_000))).isEqualTo(value);
      store().delete(KEY);
      assertThat(readAll(reader, ByteBuffer.allocate(10_000))).isEqualTo(value);
      assertThat(reader.info().valueLength()).isEqualTo(100_000);
    }
    assertThat(store().openReader(KEY)).isEmpty();
  }

  @Test
  default void aClosedReaderGivesNothingMore() {
    store().put(KEY, Value.of("value"));
    ValueReader reader = open();
    reader.close();
    assertThatThrownBy(() -> reader.read(0, ByteBuffer.allocate(1)))
        .isInstanceOf(StoreClosedException.class);
    assertThatCode(reader::close).doesNotThrowAnyException();
    assertThat(store().exists(KEY)).isTrue();
  }

  private ValueReader open() {
    return store().openReader(KEY).orElseThrow();
  }

  /** Reads from the beginning to the end. */
  static byte[] readAll(ValueReader reader, ByteBuffer piece) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (reader.read(all.size(), piece.clear()) >= 0) {
      assertThat(piece.flip().hasRemaining()).as("a read gives at least one byte").isTrue();
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
