package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.engine.io.DiskImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Damage of real files, some of it while the store is open: the process survives it. */
@Timeout(120)
class DamageOnRealFilesTest {

  private static final long SEED = 20260101;

  @TempDir private Path temporary;

  private final Random random = new Random(SEED);

  @Tag("lengthy")
  @Test
  void damaged_files_are_refused_or_read_rightly() throws IOException {
    DiskImage image = new DamageScenario(DamageScenario.Ending.CLOSED).image();
    List<String> names = List.copyOf(image.names());
    int opened = 0;
    for (int round = 0; round < 60; round++) {
      String name = names.get(random.nextInt(names.size()));
      byte[] damaged = damage(image.bytes(name));
      Path directory = write(image.with(name, damaged), "round-" + round);
      opened +=
          opensRightly(directory, "seed %d, round %d, %s".formatted(SEED, round, name)) ? 1 : 0;
    }
    assertThat(opened).isBetween(1, 59);
  }

  private byte[] damage(byte[] bytes) {
    if (bytes.length > 0 && random.nextBoolean()) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      return damaged;
    }
    return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
  }

  private Path write(DiskImage image, String name) throws IOException {
    Path directory = Files.createDirectory(temporary.resolve(name));
    for (String file : image.names()) {
      Files.write(directory.resolve(file), image.bytes(file));
    }
    return directory;
  }

  private static boolean opensRightly(Path directory, String damage) {
    try (SegmentedStore store = SegmentedStore.open(directory, Stores.SMALL_SEGMENTS)) {
      assertThat(textOrDamaged(store, "key-7")).as(damage).isIn("last", "(damaged)");
      assertThat(textOrDamaged(store, "key-1")).as(damage).isIn("batch 1", "(damaged)");
      assertThat(textOrDamaged(store, "key-5")).as(damage).isEqualTo("(absent)");
      return true;
    } catch (StoreUnavailableException e) {
      assertThat(e.getMessage()).as(damage).containsAnyOf("cannot be opened", "was not opened");
      return false;
    }
  }

  private static String textOrDamaged(SegmentedStore store, String key) {
    try {
      return Stores.text(store, key).orElse("(absent)");
    } catch (DamagedDataException e) {
      return "(damaged)";
    }
  }

  @Test
  void a_segment_cut_while_the_store_is_open_costs_its_entries_and_not_the_process()
      throws IOException {
    Path directory = temporary.resolve("open");
    List<String> keys = new ArrayList<>();
    try (SegmentedStore store =
        SegmentedStore.open(
            directory,
            Stores.SMALL_SEGMENTS.withSegmentBytes(1 << 20).withDurability(Durability.OS))) {
      for (int i = 0; i < 60; i++) {
        keys.add("key-" + i);
        Stores.put(store, "key-" + i, ("value " + i).repeat(5_000));
      }
      Path sealed = directory.resolve("000000001.log");
      try (var channel = Files.newByteChannel(sealed, StandardOpenOption.WRITE)) {
        channel.truncate(100_000);
      }

      List<String> damaged = new ArrayList<>();
      for (String key : keys) {
        String text = textOrDamaged(store, key);
        if (text.equals("(damaged)")) {
          damaged.add(key);
        } else {
          assertThat(text).startsWith("value " + key.substring(4) + "value");
        }
      }
      assertThat(damaged).isNotEmpty().doesNotContain("key-0", "key-59");
      Stores.put(store, damaged.getFirst(), "again");
      assertThat(Stores.text(store, damaged.getFirst())).isEqualTo(Optional.of("again"));
    }
  }
}
