package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.minikv.domain.Cursor;
import io.minikv.domain.KeyRange;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RepairReport;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.format.ValueFileHeader;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.segment.FrameScanner;
import io.minikv.engine.segment.Segment;
import io.minikv.engine.tools.FileDescription;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A flipped bit or a missing end of any file: a verification reports it, a repair saves everything
 * else, and a description comes to its end.
 */
@Timeout(600)
class ToolsOnDamageTest {

  private static final Path SAVED = Path.of("/saved");
  private static final Set<String> BATCH = Set.of("key-1", "key-2", "key-3");
  private static final int BIT_STRIDE = 1999;
  private static final int LENGTH_STRIDE = 211;

  /** A frame of the undamaged store. */
  private record Place(String file, long from, long to, String key) {}

  @ParameterizedTest
  @EnumSource
  void a_sound_store_is_saved_as_it_is(DamageScenario.Ending ending) throws IOException {
    DamageScenario scenario = new DamageScenario(ending);
    SimulatedDisk disk = SimulatedDisk.from(scenario.image());

    assertThat(SegmentedStoreTools.verify(disk, ProgressListener.NONE).damages()).isEmpty();
    RepairReport report = repair(disk);
    assertThat(report.damages()).isEmpty();
    assertThat(report.savedEntries()).isEqualTo(scenario.expected().size());
    assertThat(saved(disk)).isEqualTo(scenario.expected());
  }

  @Test
  void a_store_is_saved_with_next_to_no_memory() throws IOException {
    DamageScenario scenario = new DamageScenario(DamageScenario.Ending.CLOSED);
    SimulatedDisk disk = SimulatedDisk.from(scenario.image());

    SegmentedStoreTools.repair(disk, SAVED, new MutableClock(), ProgressListener.NONE, 1_000);

    assertThat(saved(disk)).isEqualTo(scenario.expected());
  }

  @Tag("lengthy")
  @Tag("brief")
  @ParameterizedTest
  @EnumSource
  void flipped_bits_cost_what_they_hit(DamageScenario.Ending ending) throws IOException {
    flipBits(new DamageScenario(ending), BIT_STRIDE);
  }

  @Tag("lengthy")
  @Tag("brief")
  @ParameterizedTest
  @EnumSource
  void missing_ends_cost_what_they_held(DamageScenario.Ending ending) throws IOException {
    truncate(new DamageScenario(ending), LENGTH_STRIDE);
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource
  void every_flipped_bit_costs_what_it_hits(DamageScenario.Ending ending) throws IOException {
    flipBits(new DamageScenario(ending), 1);
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource
  void every_missing_end_costs_what_it_held(DamageScenario.Ending ending) throws IOException {
    truncate(new DamageScenario(ending), 1);
  }

  private static void flipBits(DamageScenario scenario, int stride) throws IOException {
    DiskImage image = scenario.image();
    List<Place> places = places(image);
    for (String name : scenario.filesOfEnding()) {
      byte[] bytes = image.bytes(name);
      IntStream.range(0, bytes.length * 8)
          .filter(bit -> bit % stride == 0 || (bit < 64 * 8 && bit % Math.min(stride, 37) == 0))
          .parallel()
          .forEach(bit -> {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            int at = bit / 8;
            check(
                scenario,
                image.with(name, damaged),
                places,
                place -> place.file.equals(name) && place.from <= at && at < place.to,
                name,
                "bit %d of %s".formatted(bit, name),
                true);
          });
    }
  }

  private static void truncate(DamageScenario scenario, int stride) throws IOException {
    DiskImage image = scenario.image();
    List<Place> places = places(image);
    for (String name : scenario.filesOfEnding()) {
      byte[] bytes = image.bytes(name);
      boolean endIsKnown = name.equals("MANIFEST") || !isAllocatedAhead(bytes);
      IntStream.range(0, bytes.length)
          .filter(length ->
              (length <= 64 && length % Math.min(stride, 13) == 0) || length % stride == 0)
          .parallel()
          .forEach(length ->
              check(
                  scenario,
                  image.with(name, Arrays.copyOf(bytes, length)),
                  places,
                  place -> place.file.equals(name) && place.to > length,
                  name,
                  "%s cut to %d bytes".formatted(name, length),
                  endIsKnown));
    }
  }

  private static boolean isAllocatedAhead(byte[] bytes) {
    return bytes[bytes.length - 1] == 0 && bytes[bytes.length - 33] == 0;
  }

  private static void check(
      DamageScenario scenario,
      DiskImage damaged,
      List<Place> places,
      Predicate<Place> isHit,
      String name,
      String damage,
      boolean mustBeReported) {
    SimulatedDisk disk = SimulatedDisk.from(damaged);
    try {
      StringBuilder description = new StringBuilder();
      FileDescription.describe(disk, name, description);
      assertThat(description.toString()).as(damage).startsWith(name + ": ").endsWith("\n");
      VerificationReport verified = SegmentedStoreTools.verify(disk, ProgressListener.NONE);
      RepairReport report = repair(disk);
      Map<String, String> saved = saved(disk);
      Set<String> hit = new HashSet<>();
      places.stream().filter(isHit).forEach(place -> hit.add(place.key));
      if (!Collections.disjoint(hit, BATCH)) {
        hit.addAll(BATCH); // At the end of the log a part of a batch is none.
      }
      Map<String, String> rest = new HashMap<>(scenario.expected());
      rest.keySet().removeAll(hit);
      Map<String, String> savedRest = new HashMap<>(saved);
      savedRest.keySet().removeAll(hit);
      assertThat(savedRest).as("%s, report %s", damage, report).isEqualTo(rest);
      if (mustBeReported) {
        assertThat(verified.isClean()).as("%s is reported", damage).isFalse();
      }
      if (!saved.equals(scenario.expected()) && mustBeReported) {
        assertThat(report.damages()).as("%s is reported by the repair", damage).isNotEmpty();
      }
      assertThat(disk.processKill().with("LOCK", new byte[0]).contentHash())
          .as("%s: the original is not touched", damage)
          .isEqualTo(damaged.with("LOCK", new byte[0]).contentHash());
    } catch (IOException | RuntimeException e) {
      fail(damage, e);
    }
  }

  private static RepairReport repair(SimulatedDisk disk) throws IOException {
    return SegmentedStoreTools.repair(disk, SAVED, new MutableClock(), ProgressListener.NONE);
  }

  private static Map<String, String> saved(SimulatedDisk disk) {
    Map<String, String> found = new TreeMap<>();
    try (SegmentedStore store = Stores.open(disk.sibling(SAVED));
        Cursor cursor = store.scan(KeyRange.all())) {
      while (cursor.next()) {
        found.put(cursor.key().utf8(), cursor.value().utf8());
      }
    }
    return found;
  }

  private static List<Place> places(DiskImage image) throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(image);
    List<Place> places = new ArrayList<>();
    for (String name : image.names()) {
      if (FileNames.segmentNumber(name).isPresent()) {
        addPlaces(disk, image, name, places);
      } else if (FileNames.valueNumber(name).isPresent()) {
        places.add(placeOfValue(name, image.bytes(name)));
      }
    }
    return places;
  }

  private static Place placeOfValue(String name, byte[] bytes) {
    try {
      return new Place(name, 0, bytes.length, ValueFileHeader.decode(bytes).key().utf8());
    } catch (FormatException e) {
      throw new AssertionError(e);
    }
  }

  private static void addPlaces(Disk disk, DiskImage image, String name, List<Place> places)
      throws IOException {
    byte[] bytes = image.bytes(name);
    try {
      SegmentHeader header = SegmentHeader.decode(Arrays.copyOf(bytes, SegmentHeader.LENGTH));
      Segment segment = Segment.openSealed(header, disk.open(name, Disk.Access.READ), bytes.length);
      FrameScanner frames = new FrameScanner(segment);
      while (frames.next()) {
        FrameHead head = frames.head();
        if (head.isRecord()) {
          places.add(new Place(name, frames.offset(), frames.nextOffset(), head.key().utf8()));
        }
      }
    } catch (DamagedSegmentException _) {
      // The frames end here.
    } catch (FormatException e) {
      throw new AssertionError(e);
    }
  }
}
