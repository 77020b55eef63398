package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static io.minikv.engine.Stores.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.WriteBatch;
import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.RepairReport;
import io.minikv.domain.maintenance.StoreTools;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.io.NioDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tools on real files. */
@Timeout(60)
class SegmentedStoreToolsTest {

  private static final EngineOptions OPTIONS = EngineOptions.DEFAULT.withSegmentBytes(16 << 10);
  private static final String FILLER = "x".repeat(2_000);

  /** So long that it has a file of its own. */
  private static final String LARGE = "y".repeat(1_050_000);

  @TempDir private Path directory;

  private final StoreTools tools = new SegmentedStoreTools(InstantSource.system());
  private Path source;
  private Path target;

  @BeforeEach
  void makeStore() {
    source = directory.resolve("source");
    target = directory.resolve("target");
    try (SegmentedStore store = SegmentedStore.open(source, OPTIONS)) {
      for (int i = 0; i < 10; i++) {
        put(store, "key-" + i, FILLER);
      }
      store.delete(Key.of("key-3"));
      store.write(
          Mutation.Put.of(Key.of("typed\u0000"), Value.of("7"))
              .with(Attributes.of("type", "text/plain")));
      try (ValueWriter writer =
          store.openWriter(
              Key.of("large"), Attributes.none(), Expiry.never(), Condition.always())) {
        writer.write(ByteBuffer.wrap(LARGE.getBytes(UTF_8)));
        writer.commit(Durability.ALWAYS);
      }
      put(store, "key-1", "new");
    }
  }

  private VerificationReport verify(Path place) {
    return tools.verify(place, ProgressListener.NONE);
  }

  private RepairReport repair() {
    return tools.repair(source, target, ProgressListener.NONE);
  }

  // ---- verify

  @Test
  void a_verification_changes_nothing_and_reads_everything() throws IOException {
    Map<String, Integer> before = hashes(source);

    VerificationReport report = verify(source);

    assertThat(report.damages()).isEmpty();
    assertThat(report.records()).isEqualTo(14);
    assertThat(report.bytes()).isGreaterThan(20 * 1_000);
    assertThat(hashes(source)).isEqualTo(before);
  }

  @Test
  void a_store_in_use_is_not_verified() {
    try (SegmentedStore _ = SegmentedStore.open(source, OPTIONS)) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> verify(source))
          .returns(Reason.IN_USE, StoreUnavailableException::reason)
          .withMessageContaining("is in use by process ");
    }
  }

  @Test
  void places_without_a_store_are_told_apart() throws IOException {
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> verify(directory.resolve("nothing")))
        .returns(Reason.INACCESSIBLE, StoreUnavailableException::reason)
        .withMessageContaining("does not exist");
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> verify(Files.writeString(directory.resolve("file"), "text")))
        .withMessageContaining("is a file; a directory is needed");
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> verify(Files.createDirectory(directory.resolve("empty"))))
        .withMessageContaining("holds no store");
    assertThat(directory.resolve("empty")).isEmptyDirectory();
  }

  @Test
  void a_missing_value_file_is_damage_of_its_key_alone() throws IOException {
    Files.delete(valueFile());

    assertThat(verify(source).damages())
        .singleElement()
        .satisfies(damage -> {
          assertThat(damage.key()).contains(Key.of("large"));
          assertThat(damage.description()).contains(".val, which is missing");
        });
  }

  @Test
  void the_value_file_of_a_dead_record_is_not_missed() throws IOException {
    try (SegmentedStore store = SegmentedStore.open(source, OPTIONS)) {
      put(store, "large", "small");
    }
    Files.deleteIfExists(valueFile());

    assertThat(verify(source).damages()).isEmpty();
  }

  // ---- inspect

  @Test
  void every_file_is_described() throws IOException {
    assertThat(inspect("MANIFEST"))
        .contains("MANIFEST: ", "format version 1, whole", "closed in order    yes", ".log  log");
    assertThat(inspect("000000001.log"))
        .contains(
            "header: kind log", "put        seq 1 ", "key key-0  value 2000 bytes", "watermark");
    String all = allSegments();
    assertThat(all)
        .contains(
            "tombstone  seq 11", "key typed\\x00  value 1 bytes  attributes {type=text/plain}");
    assertThat(inspect("LOCK")).contains("process ");
    assertThat(inspect(valueFile().getFileName().toString()))
        .contains("a value file", "key large", "value of 1050000 bytes, whole");
    Path keys = source.resolve("000000001.keys");
    if (Files.exists(keys)) {
      assertThat(inspect("000000001.keys")).contains("a key file", "block of ", "footer: ");
    }
  }

  @Test
  void what_is_damaged_is_described_with_its_bytes() throws IOException {
    flip("000000001.log", 100);

    assertThat(inspect("000000001.log"))
        .contains("DAMAGED or torn: ", "bytes without an intact frame", "78 78 78", "key key-1");
  }

  @Test
  void a_file_of_something_else_is_shown_in_hexadecimal() throws IOException {
    Files.writeString(source.resolve("000000099.log"), "hello, world");
    Files.writeString(source.resolve("notes"), "hello");

    assertThat(inspect("000000099.log"))
        .contains("DAMAGED header: the file ends within its header, after 12 bytes");
    assertThat(inspect("notes")).contains("68 65 6c 6c 6f", "hello");
    assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> inspect("nothing"));
  }

  private String inspect(String name) {
    StringBuilder text = new StringBuilder();
    tools.inspect(source.resolve(name), text);
    return text.toString();
  }

  private String allSegments() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : names(".log")) {
      text.append(inspect(name));
    }
    return text.toString();
  }

  // ---- repair

  @Test
  void a_repair_saves_what_is_left_and_says_what_is_not() throws IOException {
    flip("000000001.log", 64 + 2_100 + 500);
    Map<String, Integer> before = hashes(source);

    RepairReport report = repair();

    assertThat(report.damages())
        .anySatisfy(damage -> assertThat(damage.file()).isEqualTo("000000001.log"));
    assertThat(hashes(source)).isEqualTo(before);
    try (SegmentedStore saved = SegmentedStore.open(target, OPTIONS)) {
      assertThat(text(saved, "key-0")).contains(FILLER);
      assertThat(text(saved, "key-1")).contains("new");
      assertThat(text(saved, "key-3")).isEmpty();
      assertThat(text(saved, "large")).contains(LARGE);
      assertThat(saved.get(Key.of("typed\u0000")).orElseThrow().attributes())
          .isEqualTo(Attributes.of("type", "text/plain"));
      assertThat(saved.verify(ProgressListener.NONE).isClean()).isTrue();
    }
    assertThat(verify(target).damages()).isEmpty();
  }

  @Test
  void versions_go_on_far_behind_those_that_may_have_been_lost() throws IOException {
    flip("000000001.log", 200);
    repair();

    try (SegmentedStore saved = SegmentedStore.open(target, OPTIONS)) {
      assertThat(saved.put(Key.of("a"), Value.of("b")).version().orElseThrow().sequence())
          .isGreaterThan(1L << 32);
    }
  }

  @Test
  void a_damaged_newest_value_is_not_replaced_by_an_older_one() throws IOException {
    String last = names(".log").getLast();
    byte[] bytes = Files.readAllBytes(source.resolve(last));
    int at = lastIndexOf(bytes, "new".getBytes(UTF_8));
    flip(last, at);

    RepairReport report = repair();

    try (SegmentedStore saved = SegmentedStore.open(target, OPTIONS)) {
      assertThat(text(saved, "key-1")).isEmpty();
    }
    assertThat(report.damages())
        .anySatisfy(damage -> {
          assertThat(damage.key()).contains(Key.of("key-1"));
          assertThat(damage.description()).contains("the key was left out");
        });
  }

  @Test
  void a_store_without_a_manifest_is_saved() throws IOException {
    Files.delete(source.resolve("MANIFEST"));

    RepairReport report = repair();

    assertThat(report.damages())
        .extracting(Damage::description)
        .singleElement()
        .asString()
        .contains("is missing", "deleted may be there again");
    assertThat(report.savedEntries()).isEqualTo(11);
  }

  @Test
  void a_batch_that_lost_a_part_is_reported() throws IOException {
    try (SegmentedStore store = SegmentedStore.open(source, OPTIONS)) {
      store.write(
          WriteBatch.of(
              Mutation.Put.of(Key.of("b-1"), Value.of("one of the batch")),
              Mutation.Put.of(Key.of("b-2"), Value.of("two of the batch"))));
      put(store, "after", "it");
    }
    String last = names(".log").getLast();
    byte[] bytes = Files.readAllBytes(source.resolve(last));
    flip(last, lastIndexOf(bytes, "b-2".getBytes(UTF_8)));

    RepairReport report = repair();

    assertThat(report.damages())
        .extracting(Damage::description)
        .anySatisfy(text -> assertThat(text).contains("has a batch that lost a part"));
    try (SegmentedStore saved = SegmentedStore.open(target, OPTIONS)) {
      assertThat(text(saved, "b-1")).isPresent();
      assertThat(text(saved, "b-2")).isEmpty();
      assertThat(text(saved, "after")).contains("it");
    }
  }

  @Test
  void a_target_that_is_not_empty_is_refused() throws IOException {
    Files.createDirectories(target.resolve("inside"));

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(this::repair)
        .withMessageContaining("is not empty");
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> tools.restore(source, target, ProgressListener.NONE));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> tools.repair(source, source, ProgressListener.NONE));
  }

  // ---- restore

  @Test
  void a_checkpoint_is_restored_with_files_and_numbers_of_its_own() throws IOException {
    Path checkpoint = directory.resolve("checkpoint");
    // Without a thread in the background each key file is there before the checkpoint goes on.
    try (SegmentedStore store =
        SegmentedStore.open(NioDisk.open(source, true), OPTIONS, EngineThreads.NONE)) {
      store.checkpoint(checkpoint);
    }

    assertThat(tools.restore(checkpoint, target, ProgressListener.NONE).isClean()).isTrue();

    assertThat(Files.getAttribute(target.resolve("000000001.log"), "unix:ino"))
        .isNotEqualTo(Files.getAttribute(checkpoint.resolve("000000001.log"), "unix:ino"));
    try (SegmentedStore restored = SegmentedStore.open(target, OPTIONS)) {
      assertThat(text(restored, "key-1")).contains("new");
      assertThat(text(restored, "large")).contains(LARGE);
      assertThat(restored.statistics().recovery().findings()).isEmpty();
      assertThat(restored.put(Key.of("a"), Value.of("b")).version().orElseThrow().sequence())
          .isGreaterThan(1L << 32);
    }
  }

  @Test
  void a_damaged_checkpoint_is_not_restored() throws IOException {
    flip("000000001.log", 1_000);

    VerificationReport report = tools.restore(source, target, ProgressListener.NONE);

    assertThat(report.isClean()).isFalse();
    assertThat(target).doesNotExist();
  }

  @Test
  void a_store_that_was_not_closed_is_no_checkpoint() {
    try (SegmentedStore store = SegmentedStore.open(source, OPTIONS)) {
      copyFiles(source, directory.resolve("killed"));
      assertThat(text(store, "key-1")).isPresent();
    }

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> tools.restore(directory.resolve("killed"), target, ProgressListener.NONE))
        .withMessageContaining("was not closed in order");
  }

  @Test
  void progress_never_goes_back() {
    long[] last = {0};
    ProgressListener listener =
        (done, total) -> {
          assertThat(done).isBetween(last[0], total);
          last[0] = done;
        };
    tools.verify(source, listener);
    last[0] = 0;
    tools.restore(source, target, listener);
    last[0] = 0;
    tools.repair(source, directory.resolve("saved"), listener);
  }

  // ---- helpers

  private void flip(String name, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(source.resolve(name));
    bytes[at] ^= 1;
    Files.write(source.resolve(name), bytes);
  }

  private static int lastIndexOf(byte[] bytes, byte[] text) {
    for (int at = bytes.length - text.length; at >= 0; at--) {
      if (Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
        return at;
      }
    }
    throw new AssertionError("not found");
  }

  private Path valueFile() throws IOException {
    return names(".val").isEmpty()
        ? source.resolve("none.val")
        : source.resolve(names(".val").getFirst());
  }

  private List<String> names(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(source)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix))
          .sorted()
          .toList();
    }
  }

  private static Map<String, Integer> hashes(Path place) throws IOException {
    Map<String, Integer> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(place)) {
      for (Path file : files.toList()) {
        if (!file.endsWith("LOCK")) {
          hashes.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
        }
      }
    }
    return hashes;
  }

  private static void copyFiles(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectory(to);
      for (Path file : files.toList()) {
        if (!file.endsWith("LOCK")) { // Closing it would drop the lock.
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
