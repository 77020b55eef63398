package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Entry;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.StoreStatistics;
import io.minikv.engine.compression.Codec;
import io.minikv.engine.compression.Compressor;
import io.minikv.engine.compression.Decompressor;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.StoredValue;
import io.minikv.engine.io.SimulatedDisk;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CompressionTest {

  private static final Key KEY = Key.of("key");
  private static final int LENGTH = 300_000;

  private final SimulatedDisk disk = new SimulatedDisk();

  private SegmentedStore open(Compression compression) {
    EngineOptions options = EngineOptions.DEFAULT.withCompression(compression);
    return SegmentedStore.open(disk, options, EngineThreads.NONE);
  }

  private static byte[] text(int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ("a line of text, " + i / 100 + "\n").charAt(i % 17);
    }
    return text;
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void text_takes_less_space_and_is_told_with_its_own_length(Compression compression) {
    try (SegmentedStore store = open(compression)) {
      store.put(KEY, Value.wrap(text(LENGTH)));
      StoreStatistics statistics = store.statistics();
      assertThat(statistics.liveBytes()).isLessThan(LENGTH / 4);
      assertThat(statistics.liveValueBytes()).isEqualTo(LENGTH);
      assertThat(store.info(KEY).orElseThrow().valueLength()).isEqualTo(LENGTH);
      assertThat(store.get(KEY).map(Entry::value)).contains(Value.wrap(text(LENGTH)));
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void a_store_written_with_a_codec_opens_with_any(Compression reading) {
    for (Compression writing : Compression.values()) {
      try (SegmentedStore store = open(writing)) {
        store.put(Key.of(writing.name()), Value.wrap(text(LENGTH)));
      }
    }
    try (SegmentedStore store = open(reading)) {
      store.compact(ProgressListener.NONE);
      for (Compression writing : Compression.values()) {
        assertThat(store.get(Key.of(writing.name())).map(Entry::value))
            .contains(Value.wrap(text(LENGTH)));
      }
      assertThat(store.verify(ProgressListener.NONE).isClean()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void a_compressed_value_is_read_in_pieces(Compression compression) {
    byte[] text = text(LENGTH);
    try (SegmentedStore store = open(compression)) {
      try (ValueWriter writer =
          store.openWriter(KEY, Attributes.none(), Expiry.never(), Condition.always())) {
        writer.write(ByteBuffer.wrap(text));
        writer.commit(Durability.OS);
      }
      try (ValueReader reader = store.openReader(KEY).orElseThrow()) {
        ByteBuffer part = ByteBuffer.allocate(1_000);
        reader.read(65_000, part);
        assertThat(part.array()).isEqualTo(Arrays.copyOfRange(text, 65_000, 66_000));
      }
    }
  }

  // ---- what is stored as it is

  static Stream<Codec> codecs() {
    return Stream.of(Codec.LZ4, Codec.ZSTD);
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void noise_and_values_that_are_short_or_long_are_stored_as_they_are(Codec codec) {
    Compressor compressor = new Compressor(Optional.of(codec), 1_000);
    for (byte[] value :
        new byte[][] {noise(100_000), text(999), text((1 << 20) + 1), {}, noise(1_000)}) {
      assertThat(compressor.store(Value.wrap(value)).flag()).isZero();
    }
    assertThat(compressor.store(Value.wrap(text(1_000))).flag()).isPositive();
    assertThat(compressor.store(Value.wrap(text(1 << 20))).flag()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void little_saving_is_not_worth_it(Codec codec) {
    byte[] value = noise(10_000);
    Arrays.fill(value, 0, 800, (byte) 'x');
    Compressor compressor = new Compressor(Optional.of(codec), 64);
    assertThat(compressor.store(Value.copyOf(value)).flag()).isZero();
    Arrays.fill(value, 0, 1_500, (byte) 'x');
    assertThat(compressor.store(Value.copyOf(value)).flag()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void the_longest_value_that_is_compressed_comes_back(Codec codec) throws FormatException {
    byte[] longest = text(1 << 20);
    StoredValue stored = new Compressor(Optional.of(codec), 64).store(Value.copyOf(longest));
    byte[] compressed = stored.inFrame().toByteArray();
    assertThat(Decompressor.decompress(codec.code(), compressed, longest.length))
        .isEqualTo(longest);
  }

  @Test
  void the_numbers_of_codecs_in_files_stay_what_they_are() {
    assertThat(Codec.LZ4.code()).isEqualTo(1);
    assertThat(Codec.ZSTD.code()).isEqualTo(2);
  }

  // ---- damage that a checksum would miss

  @ParameterizedTest
  @MethodSource("codecs")
  void a_flipped_bit_is_damage_or_gives_other_bytes_of_the_same_length(Codec codec) {
    StoredValue stored = new Compressor(Optional.of(codec), 64).store(Value.wrap(text(2_000)));
    byte[] compressed = stored.inFrame().toByteArray();
    for (int bit = 0; bit < compressed.length * 8; bit++) {
      byte[] damaged = compressed.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(Decompressor.decompress(codec.code(), damaged, 2_000)).hasSize(2_000);
      } catch (FormatException e) {
        assertThat(e.kind()).isEqualTo(FormatException.Kind.DAMAGED);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void another_length_than_that_of_the_value_is_damage(Codec codec) {
    StoredValue stored = new Compressor(Optional.of(codec), 64).store(Value.wrap(text(2_000)));
    byte[] compressed = stored.inFrame().toByteArray();
    for (int length : new int[] {0, 1, 1_999, 2_001, 1 << 20, (1 << 20) + 1, 1 << 30}) {
      assertThatThrownBy(() -> Decompressor.decompress(codec.code(), compressed, length))
          .isInstanceOf(FormatException.class);
    }
    for (int cut = 0; cut < compressed.length; cut++) {
      byte[] shorter = Arrays.copyOf(compressed, cut);
      assertThatThrownBy(() -> Decompressor.decompress(codec.code(), shorter, 2_000))
          .isInstanceOf(FormatException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("codecs")
  void threads_compress_and_unpack_side_by_side_also_after_damage(Codec codec) {
    StoredValue stored = new Compressor(Optional.of(codec), 64).store(Value.wrap(text(2_000)));
    byte[] compressed = stored.inFrame().toByteArray();
    IntStream.range(0, 200)
        .parallel()
        .forEach(i -> {
          byte[] bytes = text(1_000 + i);
          StoredValue other = new Compressor(Optional.of(codec), 64).store(Value.wrap(bytes));
          assertThatThrownBy(() -> Decompressor.decompress(codec.code(), compressed, 1_000 + i))
              .isInstanceOf(FormatException.class);
          assertThat(unpacked(codec, other.inFrame().toByteArray(), bytes.length)).isEqualTo(bytes);
        });
  }

  private static byte[] unpacked(Codec codec, byte[] compressed, int length) {
    try {
      return Decompressor.decompress(codec.code(), compressed, length);
    } catch (FormatException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_codec_of_a_newer_version_is_named() {
    assertThatThrownBy(() -> Decompressor.decompress(9, new byte[10], 100))
        .isInstanceOfSatisfying(
            FormatException.class, e -> assertThat(e.kind()).isEqualTo(FormatException.Kind.NEWER))
        .hasMessageContaining("codec 9");
  }
}
