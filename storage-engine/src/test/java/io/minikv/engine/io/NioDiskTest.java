package io.minikv.engine.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.minikv.engine.io.Disk.Access;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioDiskTest extends DiskContract {

  @TempDir private Path temporary;

  @Override
  Disk createDisk() throws IOException {
    return NioDisk.open(temporary.resolve("disk"), true);
  }

  @Override
  Disk otherDirectory() throws IOException {
    return NioDisk.open(otherPath(), true);
  }

  @Override
  Path otherPath() {
    return temporary.resolve("other");
  }

  @Test
  void a_missing_directory_is_created_with_its_parents_or_reported() throws IOException {
    Path missing = temporary.resolve("x/y/z");
    assertThatThrownBy(() -> NioDisk.open(missing, false))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("does not exist");
    NioDisk.open(missing, true);
    assertThat(missing).isDirectory();
    NioDisk.open(missing, false);
  }

  @Test
  void a_file_is_not_taken_for_a_directory() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "x");
    assertThatThrownBy(() -> NioDisk.open(file, true))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessageContaining("is a file");
    assertThatThrownBy(() -> NioDisk.open(file.resolve("below"), true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("below");
  }

  @Tag("lengthy")
  @Test
  void a_directory_without_permission_is_reported() throws IOException {
    Path closed = Files.createDirectory(temporary.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-x------"));
    assumeThat(Files.isWritable(closed)).as("this user may write everywhere").isFalse();
    assertThatThrownBy(() -> NioDisk.open(closed, false)).hasMessageContaining("permissions");
    assertThatThrownBy(() -> NioDisk.open(closed.resolve("below"), true))
        .hasMessageContaining("cannot be created");
  }

  @Test
  void only_regular_files_are_listed() throws IOException {
    Files.createDirectory(temporary.resolve("disk/folder"));
    write("a", "abc");
    assertThat(disk().list()).containsExactly("a");
    assertThat(disk().exists("folder")).isFalse();
  }

  @Test
  void a_full_disk_is_told_from_other_failures() throws IOException {
    Files.createSymbolicLink(temporary.resolve("disk/full"), Path.of("/dev/full"));
    try (DiskFile full = disk().open("full", Access.READ_WRITE)) {
      assertThatThrownBy(() -> full.write(0, bytes("abc")))
          .isInstanceOf(DiskFullException.class)
          .hasMessageContaining("full");
      assertThatThrownBy(() -> full.allocate(100, DiskFile.Pieces.SMALL))
          .isInstanceOf(DiskFullException.class);
    }
  }

  @Test
  void linking_into_a_missing_directory_fails() throws IOException {
    write("a", "abc");
    assertThatThrownBy(() -> disk().link("a", temporary.resolve("missing")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void mapped_stores_are_safe_on_the_usual_file_systems_only() throws IOException {
    String type = Files.getFileStore(temporary).type();
    assertThat(disk().hasSafeMappedStores())
        .isEqualTo(List.of("ext2", "ext3", "ext4", "xfs", "tmpfs").contains(type));
  }

  @Test
  void the_holder_of_the_lock_leaves_its_text_in_the_file() throws IOException {
    Files.writeString(temporary.resolve("disk/LOCK"), "an older and longer text");
    try (DirectoryLock lock = disk().lock("LOCK", "process 12")) {
      assertThat(temporary.resolve("disk/LOCK")).hasContent("process 12");
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void a_second_disk_of_the_same_process_does_not_get_the_lock_by_another_path()
      throws IOException {
    Path alias = Files.createSymbolicLink(temporary.resolve("alias"), temporary.resolve("disk"));
    Disk second = NioDisk.open(alias, false);
    try (DirectoryLock lock = disk().lock("LOCK", "first")) {
      assertThatThrownBy(() -> second.lock("LOCK", "second"))
          .isInstanceOf(DirectoryLockedException.class)
          .hasMessageContaining("first");
      assertThat(lock).isNotNull();
    }
    second.lock("LOCK", "second").close();
  }

  @Test
  void the_lock_file_cannot_be_opened_while_it_is_held_as_that_would_drop_the_lock()
      throws IOException {
    try (DirectoryLock lock = disk().lock("LOCK", "first")) {
      assertThatThrownBy(() -> disk().open("LOCK", Access.READ)).isInstanceOf(IOException.class);
      assertThat(lock).isNotNull();
    }
    disk().open("LOCK", Access.READ).close();
  }

  @Tag("lengthy")
  @Test
  void another_process_does_not_get_the_lock_and_is_told_who_has_it() throws Exception {
    String directory = temporary.resolve("disk").toString();
    try (DirectoryLock lock = disk().lock("LOCK", "the test")) {
      assertThatThrownBy(() -> disk().lock("LOCK", "again")).isInstanceOf(IOException.class);
      assertThat(lockInOtherProcess(directory)).isEqualTo("held by the test");
      assertThat(lock).isNotNull();
    }
    assertThat(lockInOtherProcess(directory)).isEqualTo("taken");
  }

  private static String lockInOtherProcess(String directory) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockProgram.class.getName(),
                directory)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  /** What runs in the other process. */
  static final class LockProgram {
    private LockProgram() {}

    /** Tries to take the lock of the directory given and prints what came of it. */
    public static void main(String[] arguments) throws IOException {
      try (DirectoryLock lock =
          NioDisk.open(Path.of(arguments[0]), false).lock("LOCK", "the other")) {
        System.out.println(lock == null ? "nothing" : "taken");
      } catch (DirectoryLockedException e) {
        System.out.println("held by " + e.holder());
      }
    }
  }

  @Tag("lengthy")
  @Test
  void reading_a_mapping_of_a_file_that_was_cut_outside_fails_in_the_read_even_in_compiled_code()
      throws IOException {
    int size = 1 << 20;
    byte[] target = new byte[10_000];
    int[] lengths = {1, 7, 8, 63, 64, 100, 1_000, 10_000};
    try (DiskFile file = disk().create("a")) {
      file.allocate(size, DiskFile.Pieces.SMALL);
      try (Mapping mapping = file.map(size, Access.READ_WRITE)) {
        for (int i = 0; i < 100_000; i++) {
          mapping.read(i * 7L % 900_000, target, 0, lengths[i % 6]);
          mapping.write(i * 7L % 900_000, target, 0, lengths[i % 6]);
        }
        cutOutside("a", 4096);
        for (int i = 0; i < 4_000; i++) {
          long position = 8192 + i * 7L % 900_000;
          int length = lengths[i % lengths.length];
          assertThat(failsWithIoException(() -> mapping.read(position, target, 0, length)))
              .isTrue();
          assertThat(failsWithIoException(() -> mapping.write(position, target, 0, length)))
              .isTrue();
        }
      }
    }
  }

  @Test
  void reading_a_mapping_of_a_file_that_was_cut_outside_fails_in_virtual_threads_too()
      throws Exception {
    try (DiskFile file = disk().create("a")) {
      file.allocate(100_000, DiskFile.Pieces.SMALL);
      try (Mapping mapping = file.map(100_000, Access.READ)) {
        cutOutside("a", 4096);
        AtomicReference<Boolean> failed = new AtomicReference<>();
        Thread.ofVirtual()
            .start(() ->
                failed.set(failsWithIoException(() -> mapping.read(50_000, new byte[99], 0, 99))))
            .join();
        assertThat(failed.get()).isTrue();
      }
    }
  }

  private void cutOutside(String name, long size) throws IOException {
    Path path = temporary.resolve("disk").resolve(name);
    try (RandomAccessFile outside = new RandomAccessFile(path.toFile(), "rw")) {
      outside.setLength(size);
    }
  }

  private static boolean failsWithIoException(IoCall call) {
    try {
      call.run();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Tag("lengthy")
  @Test
  void closing_a_mapping_that_is_read_written_and_forced_ends_those_with_the_right_exception()
      throws Exception {
    for (int round = 0; round < 20; round++) {
      String name = "file" + round;
      try (DiskFile file = disk().create(name)) {
        file.allocate(1 << 16, DiskFile.Pieces.SMALL);
        Mapping mapping = file.map(1 << 16, Access.READ_WRITE);
        byte[] bytes = new byte[5000];
        List<Endless> users =
            List.of(
                new Endless(() -> mapping.read(100, bytes, 0, bytes.length)),
                new Endless(() -> mapping.write(20_000, new byte[3000], 0, 3000)),
                new Endless(() -> mapping.force(0, 1 << 16)));
        for (Endless user : users) {
          user.awaitFirst();
        }
        mapping.close();
        for (Endless user : users) {
          assertThat(user.end()).isInstanceOf(MappingClosedException.class);
        }
      }
    }
  }

  @Tag("lengthy")
  @Test
  void interrupting_readers_writers_and_forcers_at_random_closes_and_loses_nothing()
      throws Exception {
    int writers = 2;
    int perWriter = 1 << 20;
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    int[] written = new int[writers];
    try (DiskFile file = disk().create("a")) {
      file.allocate((long) writers * perWriter, DiskFile.Pieces.SMALL);
      for (int w = 0; w < writers; w++) {
        int writer = w;
        threads.add(
            until(
                stop,
                failure,
                () -> {
                  int record = written[writer] % (perWriter / 8);
                  ByteBuffer bytes = ByteBuffer.allocate(8).putLong(0, written[writer] + 1L);
                  file.write((long) writer * perWriter + record * 8L, bytes);
                  written[writer]++;
                }));
      }
      threads.add(until(stop, failure, file::force));
      threads.add(until(stop, failure, disk()::forceDirectory));
      threads.add(until(stop, failure, () -> file.read(0, ByteBuffer.allocate(1000))));
      threads.add(
          until(
              stop,
              failure,
              () -> {
                try (Mapping mapping = file.map(4096, Access.READ_WRITE)) {
                  mapping.read(0, new byte[8], 0, 8);
                  mapping.force(0, 4096);
                }
              }));
      Random random = new Random(1);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      while (System.nanoTime() < end) {
        threads.get(random.nextInt(threads.size())).interrupt();
        LockSupport.parkNanos(random.nextInt(50_000));
      }
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
      for (int w = 0; w < writers; w++) {
        assertThat(written[w]).isPositive();
        long last = (written[w] - 1L) % (perWriter / 8);
        ByteBuffer back = ByteBuffer.allocate(8);
        assertThat(file.read((long) w * perWriter + last * 8, back)).isEqualTo(8);
        assertThat(back.getLong(0)).isEqualTo(written[w]);
      }
    }
  }

  private static Thread until(AtomicBoolean stop, AtomicReference<Throwable> failure, IoCall call) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            while (!stop.get()) {
              call.run();
            }
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          }
        });
  }

  /** Something on a disk. */
  private interface IoCall {
    void run() throws IOException;
  }

  /** Does the same in a thread of its own until it fails. */
  private static final class Endless {
    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicReference<Throwable> end = new AtomicReference<>();
    private final Thread thread;

    private Endless(IoCall call) {
      thread = Thread.ofPlatform().start(() -> repeat(call));
    }

    private void repeat(IoCall call) {
      try {
        while (true) {
          call.run();
          first.countDown();
        }
      } catch (Throwable e) {
        end.set(e);
      }
    }

    private void awaitFirst() throws InterruptedException {
      assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private Throwable end() throws InterruptedException {
      thread.join(TimeUnit.SECONDS.toMillis(10));
      return end.get();
    }
  }
}
