package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Cursor;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.StoreException;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.engine.io.NioDisk;
import io.minikv.engine.io.OpenFiles;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.WatchedDisk;
import io.minikv.testkit.Tried;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever fails, a store that is closed, or could not be opened, leaves no file open. */
@Timeout(300)
class FailedDiskFilesTest {

  private static final EngineOptions OPTIONS =
      Stores.SMALL_SEGMENTS.withDurability(Durability.OS).withLongestLoggedBytes(100);
  private static final String FILLER = "x".repeat(300);

  @TempDir private Path folder;

  @Tag("brief")
  @Test
  void a_store_whose_disk_failed_at_some_operations_gives_back_its_files() throws IOException {
    failAtEach(41);
  }

  @Tag("thorough")
  @Test
  void a_store_whose_disk_failed_at_many_operations_gives_back_its_files() throws IOException {
    failAtEach(3);
  }

  @Test
  void files_that_nobody_reads_any_more_are_closed_at_once() throws IOException {
    Path directory = folder.resolve("store");
    try (SegmentedStore store =
        SegmentedStore.open(NioDisk.open(directory, true), OPTIONS, EngineThreads.NONE)) {
      use(store);
      put(store, "key-1", FILLER);
      assertThat(store.verify(ProgressListener.NONE).isClean()).isTrue();
      store.compact(ProgressListener.NONE);

      assertThat(OpenFiles.below(directory))
          .isNotEmpty()
          .noneMatch(file -> file.contains("deleted"));
    }
    assertThat(OpenFiles.below(directory)).isEmpty();
  }

  private void failAtEach(int step) throws IOException {
    boolean failed = true;
    int operation = 1;
    for (; failed; operation += step) {
      for (boolean staysBroken : new boolean[] {true, false}) {
        failed = failAt(operation, staysBroken);
      }
    }
    new Tried("Files of failed stores").count("failures", 2L * (operation / step - 1));
  }

  private boolean failAt(int operation, boolean staysBroken) throws IOException {
    Path directory = folder.resolve("store-" + operation + "-" + staysBroken);
    Failure failure = new Failure(operation, staysBroken);
    for (int life = 0; life < 2; life++) {
      try (SegmentedStore store =
          SegmentedStore.open(
              new WatchedDisk(NioDisk.open(directory, true), failure, false),
              OPTIONS,
              EngineThreads.NONE)) {
        use(store);
      } catch (StoreException e) {
        assertThat(failure.happened()).as(e.toString()).isTrue();
      }
      assertThat(OpenFiles.below(directory)).as("after failing at " + operation).isEmpty();
    }
    return failure.happened();
  }

  /** Does something of everything, and goes on when it fails. */
  private static void use(SegmentedStore store) {
    for (int round = 0; round < 3; round++) {
      for (int key = 0; key < 20; key++) {
        int number = key;
        attempt(() -> put(store, "key-" + number, FILLER));
      }
      attempt(() -> stream(store));
      attempt(() -> store.delete(Key.of("key-3")));
      attempt(() -> scan(store));
      attempt(() -> store.compact(ProgressListener.NONE));
      attempt(store::snapshot);
    }
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (StoreException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  private static void stream(SegmentedStore store) {
    try (ValueWriter writer =
        store.openWriter(Key.of("long"), Attributes.none(), Expiry.never(), Condition.always())) {
      writer.write(ByteBuffer.wrap(FILLER.getBytes(UTF_8)));
      writer.commit(Durability.OS);
    }
  }

  private static void scan(SegmentedStore store) {
    try (Cursor cursor = store.scan(KeyRange.all())) {
      while (cursor.next()) {
        assertThat(cursor.value().length()).isPositive();
      }
    }
  }

  /** Fails an operation, and those after it when it stays broken. */
  private static final class Failure implements WatchedDisk.Watch {

    private final int operation;
    private final boolean staysBroken;
    private int operations;

    Failure(int operation, boolean staysBroken) {
      this.operation = operation;
      this.staysBroken = staysBroken;
    }

    boolean happened() {
      return operations >= operation;
    }

    @Override
    public void before(OperationType type) throws IOException {
      operations++;
      if (operations == operation || (staysBroken && operations > operation)) {
        throw new IOException("the disk fails at " + type);
      }
    }
  }
}
