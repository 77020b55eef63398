package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a checkpoint: which there are, who keeps them, and what closing the store does. */
class CheckpointFilesTest {

  private static final Path COPY = Path.of("/copy");
  private static final String FILLER = "x".repeat(500);
  private static final int KEYS = 20;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final SimulatedDisk target = disk.sibling(COPY);

  private static void putAll(SegmentedStore store, String text) {
    for (int i = 0; i < KEYS; i++) {
      put(store, "key-" + i, text + FILLER);
    }
  }

  @Test
  void values_in_files_of_their_own_are_part_of_it() {
    byte[] value = new byte[5_000];
    EngineOptions streaming = Stores.SMALL_SEGMENTS.withLongestLoggedBytes(0);
    try (SegmentedStore store = SegmentedStore.open(disk, streaming, EngineThreads.NONE)) {
      try (ValueWriter writer =
          store.openWriter(Key.of("long"), Attributes.none(), Expiry.never(), Condition.always())) {
        writer.write(ByteBuffer.wrap(value));
        writer.commit(Durability.OS);
      }
      store.checkpoint(COPY);
    }
    try (SegmentedStore copy = SegmentedStore.open(target, streaming, EngineThreads.NONE)) {
      assertThat(copy.get(Key.of("long")).orElseThrow().value().toByteArray()).isEqualTo(value);
    }
  }

  @Test
  void segments_go_after_a_compaction_as_if_there_were_no_checkpoint() throws IOException {
    try (SegmentedStore store = Stores.open(disk)) {
      putAll(store, "first");
      store.checkpoint(COPY);
      putAll(store, "second");

      store.compact(ProgressListener.NONE);

      assertThat(usedBytes(disk)).as("also by what is open still").isEqualTo(bytesOfFiles(disk));
    }
  }

  @Test
  void nothing_of_it_stays_open() throws IOException {
    try (SegmentedStore store = Stores.open(disk)) {
      putAll(store, "first");
      store.checkpoint(COPY);
    }

    for (String name : target.list()) {
      target.delete(name);
    }

    assertThat(usedBytes(target)).isZero();
  }

  private static long usedBytes(SimulatedDisk disk) throws IOException {
    disk.setCapacity(1L << 40);
    return (1L << 40) - disk.freeBytes();
  }

  private static long bytesOfFiles(SimulatedDisk disk) {
    DiskImage image = disk.processKill();
    return image.names().stream().mapToLong(name -> image.bytes(name).length).sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"log", "keys"})
  void closing_the_store_ends_a_checkpoint_and_nothing_is_left_of_it(String extension) {
    SegmentedStore store = Stores.open(disk);
    putAll(store, "first");
    List<String> linked = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            if (operation.type() == OperationType.LINK) {
              linked.add(operation.file());
              if (operation.file().endsWith("." + extension)) {
                store.close();
              }
            }
          }
        });

    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(() -> store.checkpoint(COPY));

    assertThat(linked).hasSize(extension.equals("log") ? 1 : 2);
    assertThat(target.processKill().names()).isEmpty();
  }
}
