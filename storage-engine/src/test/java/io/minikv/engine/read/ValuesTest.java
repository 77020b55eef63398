package io.minikv.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.engine.compression.Codec;
import io.minikv.engine.compression.Compressor;
import io.minikv.engine.format.StoredValue;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A value is the same wherever it is stored, as a whole and in blocks. */
class ValuesTest {

  private static final Key KEY = Key.of("key");
  private static final String TEXT = "again and ".repeat(500);
  private static final int FILE_LENGTH = 100_000;

  private final Records records = new Records();
  private final Values values = new Values(records.table().values());
  private final Segment segment = records.segment();

  ValuesTest() throws IOException {}

  @Test
  void a_value_in_its_record_is_read() throws IOException {
    long offset = records.put(KEY, TEXT);

    assertReads(offset, TEXT, segment.name());
  }

  @Test
  void a_value_that_was_compressed_is_read() throws IOException {
    for (Codec codec : List.of(Codec.LZ4, Codec.ZSTD)) {
      StoredValue stored = new Compressor(Optional.of(codec), 64).store(Value.of(TEXT));
      long offset = records.put(KEY, stored);

      assertThat(segment.head(offset).isCompressed()).isTrue();
      assertReads(offset, TEXT, segment.name());
    }
  }

  @Test
  void a_compressed_value_that_cannot_be_unpacked_is_damaged() throws IOException {
    StoredValue stored = new Compressor(Optional.of(Codec.LZ4), 64).store(Value.of(TEXT));
    StoredValue wrong =
        StoredValue.compressed(stored.inFrame(), stored.length() + 1, stored.detail());
    long offset = records.put(KEY, wrong);

    assertThatExceptionOfType(DamagedSegmentException.class)
        .isThrownBy(() -> values.read(segment, offset, segment.head(offset)))
        .satisfies(e -> assertThat(e.offset()).isEqualTo(offset));
  }

  @Test
  void a_value_in_a_file_of_its_own_is_read_and_the_file_is_closed() throws IOException {
    byte[] value = new byte[FILE_LENGTH];
    new Random(1).nextBytes(value);
    records.disk().setCapacity(1 << 30);
    long offset = records.putInFile(KEY, value, 13);
    long free = records.disk().freeBytes();

    assertThat(values.read(segment, offset, segment.head(offset))).isEqualTo(Value.wrap(value));
    ValueSource source = values.open(segment, offset, segment.head(offset));
    assertThat(source.name()).isEqualTo("000000013.val");
    byte[] block = new byte[65_536];
    source.read(0, block, block.length);
    assertThat(block).startsWith(Arrays.copyOf(value, 100));
    source.read(block.length, block, value.length - block.length);
    assertThat(block[0]).isEqualTo(value[block.length]);
    source.close();

    records.disk().delete("000000013.val");
    assertThat(records.disk().freeBytes()).isGreaterThan(free);
  }

  private void assertReads(long offset, String expected, String name) throws IOException {
    assertThat(values.read(segment, offset, segment.head(offset)).utf8()).isEqualTo(expected);
    try (ValueSource source = values.open(segment, offset, segment.head(offset))) {
      assertThat(source.name()).isEqualTo(name);
      byte[] read = new byte[expected.length()];
      source.read(0, read, read.length);
      assertThat(Value.wrap(read).utf8()).isEqualTo(expected);
    }
  }
}
