package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.minikv.domain.Durability;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.NotWritableException.Reason;
import io.minikv.domain.maintenance.StoreHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real file system that runs full; skipped where this user may not mount one. */
@Timeout(120)
class DiskFullTest {

  private static final int BALLAST_BYTES = 2 << 20;
  private static final int MOST_WRITES = 5_000;
  private static final String VALUE = "x".repeat(10_000);

  @TempDir private Path place;

  private final List<String> acknowledged = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void a_full_disk_refuses_writes_until_there_is_space_again_and_loses_nothing(
      Durability durability) throws Exception {
    try (Mount mount = Mount.tmpfs(place, "size=8m")) {
      assumeThat(mount.problem()).as("a small file system can be mounted").isEmpty();
      Path ballast = Files.write(place.resolve(".ballast"), new byte[BALLAST_BYTES]);
      EngineOptions options =
          EngineOptions.DEFAULT.withSegmentBytes(1 << 20).withDurability(durability);
      Path directory = place.resolve("store");
      try (SegmentedStore store = SegmentedStore.open(directory, options)) {
        fill(store);
        assertRefusesWritesOnly(store);
        assertHoldsEverything(store);

        Files.delete(ballast);
        put(store, "again");
        assertThat(store.health()).isEqualTo(StoreHealth.HEALTHY);
        fill(store);
      }
      try (SegmentedStore reopened = SegmentedStore.open(directory, options)) {
        assertHoldsEverything(reopened);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_store_that_was_killed_on_a_full_disk_opens_when_there_is_space_again(Durability durability)
      throws Exception {
    try (Mount mount = Mount.tmpfs(place, "size=8m")) {
      assumeThat(mount.problem()).as("a small file system can be mounted").isEmpty();
      EngineOptions options =
          EngineOptions.DEFAULT.withSegmentBytes(1 << 20).withDurability(durability);
      Path directory = place.resolve("store");
      try (SegmentedStore store = SegmentedStore.open(directory, options);
          Mount other = Mount.tmpfs(Files.createDirectory(place.resolve("other")), "size=16m")) {
        fill(store);
        Path killed = copy(directory, place.resolve("other/killed"));
        try (SegmentedStore reopened = SegmentedStore.open(killed, options)) {
          assertHoldsEverything(reopened);
          put(reopened, "more");
        }
      }
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  private void fill(SegmentedStore store) {
    int first = acknowledged.size();
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> {
          for (int i = 0; i < MOST_WRITES; i++) {
            put(store, "key-" + (first + i));
          }
        })
        .returns(Reason.DISK_FULL, NotWritableException::reason)
        .withMessageContaining("Writes go on when there is space again");
    assertThat(acknowledged).hasSizeGreaterThan(first + 20);
  }

  private void put(SegmentedStore store, String key) {
    Stores.put(store, key, VALUE + key);
    acknowledged.add(key);
  }

  private static void assertRefusesWritesOnly(SegmentedStore store) {
    StoreHealth health = store.health();
    assertThat(health.readable()).isTrue();
    assertThat(health.writable()).isFalse();
    assertThat(health.problems())
        .containsExactly("The disk is full; writes go on when there is space again.");
    assertThat(store.statistics().keys()).isPositive();
  }

  private void assertHoldsEverything(SegmentedStore store) {
    for (String key : acknowledged) {
      assertThat(Stores.text(store, key)).contains(VALUE + key);
    }
  }
}
