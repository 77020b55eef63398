package io.minikv.engine.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.minikv.domain.InvalidRequestException;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Manifest;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.CrashState;
import io.minikv.engine.io.DirectoryLockedException;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.DiskSnapshot;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A directory becomes a store, or nothing: what is linked and copied, and what a failure leaves.
 */
class StoreCopyTest {

  private static final Path PATH = Path.of("/copy");
  private static final String NAME = "000000001.log";
  private static final String TEXT = "content";
  private static final int PIECE = 1 << 18;
  private static final long SEED = 20_250_101;
  private static final int STATES_PER_MOMENT = 20;
  private static final Manifest MANIFEST =
      new Manifest(new StoreId(1, 2), 1, 0, 0, 2, true, 0, List.of());

  private final SimulatedDisk source = new SimulatedDisk();
  private final SimulatedDisk target = source.sibling(PATH);
  private final List<Long> told = new ArrayList<>();

  @BeforeEach
  void createFile() throws IOException {
    write(NAME, TEXT.getBytes(UTF_8));
  }

  private void write(String name, byte[] bytes) throws IOException {
    try (DiskFile file = source.create(name)) {
      file.write(0, ByteBuffer.wrap(bytes));
    }
  }

  private StoreCopy begin() throws IOException {
    return StoreCopy.begin(source, PATH, "A copy for a test");
  }

  private StoreCopy begunWithFile() throws IOException {
    StoreCopy copy = begin();
    copy.add(source, NAME, TEXT.length(), told::add);
    return copy;
  }

  private String content(String name) {
    return new String(target.processKill().bytes(name), UTF_8);
  }

  /** What power cuts may leave after each of the operations of an action. */
  private List<DiskImage> cutPowerDuring(Action action) throws IOException {
    List<DiskSnapshot> moments = new ArrayList<>();
    source.listen(
        new DiskListener() {
          @Override
          public void after(Operation operation) {
            moments.add(target.snapshot());
          }
        });
    action.run();
    source.listen(DiskListener.NONE);
    Random random = new Random(SEED);
    return moments.stream()
        .flatMap(moment -> moment.crashStates(random, STATES_PER_MOMENT).stream())
        .map(CrashState::image)
        .toList();
  }

  /** What the operations of one type are done on during an action. */
  private List<String> filesOf(OperationType type, Action action) throws IOException {
    List<String> files = new ArrayList<>();
    source.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            if (operation.type() == type) {
              files.add(operation.file());
            }
          }
        });
    action.run();
    source.listen(DiskListener.NONE);
    return files;
  }

  /** Something that may fail with the disk. */
  private interface Action {

    void run() throws IOException;
  }

  /** Lets the operations of some types fail from now on. */
  private void failAt(OperationType... types) {
    source.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (List.of(types).contains(operation.type())) {
              throw new IOException("failed at " + operation.type());
            }
          }
        });
  }

  // ---- the mark

  @Test
  void a_copy_that_is_begun_is_marked_and_locked() throws IOException {
    try (StoreCopy _ = begin()) {
      assertThat(content(FileNames.INCOMPLETE)).isEqualTo("A copy for a test\n");
      assertThatExceptionOfType(DirectoryLockedException.class)
          .isThrownBy(() -> target.lock(FileNames.LOCK, "somebody else"))
          .satisfies(e -> assertThat(e.holder()).endsWith(", for a copy"));
    }
  }

  @Test
  void no_power_cut_leaves_a_part_of_a_copy_without_the_whole_mark() throws IOException {
    List<DiskImage> left = cutPowerDuring(() -> begunWithFile().close());

    assertThat(left).anyMatch(image -> image.names().contains(NAME));
    for (DiskImage image : left) {
      if (image.names().contains(NAME)) {
        assertThat(image.names()).contains(FileNames.INCOMPLETE);
        assertThat(image.bytes(FileNames.INCOMPLETE)).asString().isEqualTo("A copy for a test\n");
      }
    }
  }

  @Test
  void no_power_cut_leaves_a_manifest_without_all_that_it_lists() throws IOException {
    List<DiskImage> left = cutPowerDuring(() -> begunWithFile().finish(MANIFEST));

    assertThat(left).anyMatch(image -> image.names().contains(FileNames.MANIFEST));
    for (DiskImage image : left) {
      if (image.names().contains(FileNames.MANIFEST)) {
        assertThat(image.names()).contains(NAME);
        assertThat(image.bytes(NAME)).asString().isEqualTo(TEXT);
      }
    }
  }

  @Test
  void a_copy_that_is_finished_survives_every_power_cut_without_the_mark() throws IOException {
    begunWithFile().finish(MANIFEST);

    for (CrashState state : target.crashStates(new Random(SEED), STATES_PER_MOMENT)) {
      assertThat(state.image().names())
          .contains(NAME, FileNames.MANIFEST)
          .doesNotContain(FileNames.INCOMPLETE);
    }
    target.lock(FileNames.LOCK, "who opens it").close();
  }

  @Test
  void a_copy_that_is_finished_stays_when_it_is_closed() throws IOException {
    StoreCopy copy = begunWithFile();
    copy.finish(MANIFEST);

    copy.close();

    assertThat(target.list()).contains(NAME, FileNames.MANIFEST);
  }

  // ---- links and copies

  @Test
  void a_file_of_just_that_length_is_linked() throws IOException {
    assertThat(filesOf(OperationType.LINK, this::begunWithFile)).containsExactly(NAME);

    assertThat(content(NAME)).isEqualTo(TEXT);
    assertThat(told).containsExactly((long) TEXT.length());
  }

  @Test
  void of_a_file_with_space_behind_its_end_so_many_bytes_are_copied() throws IOException {
    StoreCopy copy = begin();

    assertThat(filesOf(OperationType.LINK, () -> copy.add(source, NAME, 4, told::add))).isEmpty();

    assertThat(content(NAME)).isEqualTo(TEXT.substring(0, 4));
    assertThat(told).containsExactly(4L);
  }

  @Test
  void a_file_that_cannot_be_linked_is_copied() throws IOException {
    failAt(OperationType.LINK);

    StoreCopy copy = begunWithFile();

    assertThat(content(NAME)).isEqualTo(TEXT);
    assertThat(told).containsExactly((long) TEXT.length());
    assertThat(copy.files()).isEqualTo(1);
    assertThat(copy.bytes()).isEqualTo(TEXT.length());
  }

  @Test
  void a_link_that_failed_after_it_was_made_gives_way_to_a_copy() throws IOException {
    StoreCopy copy = begin();
    source.inject(DiskFault.once(DiskFault.Kind.IO_ERROR_ALL_DONE, 2)); // After the force.

    copy.add(source, NAME, TEXT.length(), told::add);

    assertThat(source.faultsFired()).isEqualTo(1);
    assertThat(content(NAME)).isEqualTo(TEXT);
    try (DiskFile file = target.open(NAME, Disk.Access.READ_WRITE)) {
      file.write(0, ByteBuffer.wrap("C".getBytes(UTF_8)));
    }
    assertThat(source.processKill().bytes(NAME)).asString().isEqualTo(TEXT);
  }

  @Test
  void a_long_file_is_copied_piece_by_piece_and_is_durable_then() throws IOException {
    byte[] bytes = new byte[2 * PIECE + 5];
    new Random(SEED).nextBytes(bytes);
    write("long", bytes);
    StoreCopy copy = begin();

    copy.copy(source, "long", bytes.length, told::add);

    assertThat(told).containsExactly((long) PIECE, (long) PIECE, 5L);
    assertThat(copy.files()).isEqualTo(1);
    assertThat(copy.bytes()).isEqualTo(bytes.length);
    copy.finish(MANIFEST);
    for (CrashState state : target.crashStates(new Random(SEED), STATES_PER_MOMENT)) {
      assertThat(state.image().bytes("long")).isEqualTo(bytes);
    }
  }

  @Test
  void a_file_without_bytes_is_copied() throws IOException {
    begin().copy(source, NAME, 0, told::add);

    assertThat(content(NAME)).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void a_file_that_is_too_short_is_told_with_its_length() throws IOException {
    write("short", new byte[PIECE + 7]);

    try (StoreCopy copy = begin()) {
      assertThatIOException()
          .isThrownBy(() -> copy.copy(source, "short", PIECE + 8, told::add))
          .withMessage("short ends after 262151 bytes");
    }
  }

  // ---- when it comes to nothing

  @Test
  void nothing_is_left_of_a_copy_that_is_closed_before_it_was_finished() throws IOException {
    begunWithFile().close();

    assertThat(target.crashStates(new Random(SEED), STATES_PER_MOMENT))
        .allSatisfy(state -> assertThat(state.image().names()).isEmpty());
    begin().close();
  }

  @Test
  void the_manifest_goes_first_and_the_mark_last() throws IOException {
    StoreCopy copy = begunWithFile();
    failAt(OperationType.DELETE);
    assertThatIOException().isThrownBy(() -> copy.finish(MANIFEST));

    List<String> deleted = filesOf(OperationType.DELETE, copy::close);

    assertThat(deleted).startsWith(FileNames.MANIFEST).endsWith(FileNames.INCOMPLETE);
    assertThat(target.list()).isEmpty();
  }

  @Test
  void nothing_is_left_of_a_copy_that_could_not_be_begun() {
    failAt(OperationType.LOCK);

    assertThatIOException().isThrownBy(this::begin).withMessage("failed at LOCK");

    assertThat(target.processKill().names()).isEmpty();
  }

  @Test
  void why_a_copy_could_not_be_begun_is_told_before_why_something_is_left_of_it() {
    failAt(OperationType.LOCK, OperationType.DELETE);

    assertThatIOException()
        .isThrownBy(this::begin)
        .withMessage("failed at LOCK")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));

    assertThat(target.processKill().names()).contains(FileNames.INCOMPLETE);
  }

  @Test
  void a_directory_that_cannot_be_made_is_told_with_the_reason() {
    failAt(OperationType.CREATE_DIRECTORY);

    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(this::begin)
        .withMessage("/copy cannot be used: failed at CREATE_DIRECTORY. Choose another directory.");
  }

  @Test
  void a_full_disk_is_no_fault_of_the_directory() {
    source.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));

    assertThatExceptionOfType(DiskFullException.class).isThrownBy(this::begin);
  }
}
