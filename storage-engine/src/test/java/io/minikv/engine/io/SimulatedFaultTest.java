package io.minikv.engine.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minikv.engine.io.Disk.Access;
import io.minikv.engine.io.SimulatedDisk.Properties;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How a simulated disk fails, and what it tells. */
class SimulatedFaultTest {

  private static final int STATES = 200;

  private final SimulatedDisk disk = new SimulatedDisk();

  @Nested
  class Space {

    @Test
    void runs_out_in_the_middle_of_a_write() throws IOException {
      SimulatedDisk small = new SimulatedDisk(new Properties(10, true));
      DiskFile file = small.create("a");
      file.write(0, bytes("1234567"));
      assertThat(small.freeBytes()).isEqualTo(3);
      assertThatThrownBy(() -> file.write(7, bytes("89abcd")))
          .isInstanceOf(DiskFullException.class);
      assertThat(file.size()).isEqualTo(10);
      assertThat(small.processKill().bytes("a")).isEqualTo("123456789a".getBytes(UTF_8));
      assertThatThrownBy(() -> file.write(10, bytes("x"))).isInstanceOf(DiskFullException.class);
      file.write(0, bytes("0"));
    }

    @Test
    void runs_out_in_the_middle_of_an_allocation() throws IOException {
      SimulatedDisk small = new SimulatedDisk(new Properties(10, true));
      DiskFile file = small.create("a");
      assertThatThrownBy(() -> file.allocate(100, DiskFile.Pieces.SMALL))
          .isInstanceOf(DiskFullException.class);
      assertThat(file.size()).isEqualTo(10);
    }

    @Test
    void is_free_again_when_a_deleted_file_is_closed() throws IOException {
      SimulatedDisk small = new SimulatedDisk(new Properties(10, true));
      DiskFile file = small.create("a");
      file.allocate(10, DiskFile.Pieces.SMALL);
      small.delete("a");
      assertThat(small.freeBytes()).isZero();
      file.close();
      assertThat(small.freeBytes()).isEqualTo(10);
      small.setCapacity(20);
      assertThat(small.freeBytes()).isEqualTo(20);
    }
  }

  @Nested
  class Faults {

    @Test
    void hit_the_operation_they_are_meant_for_once() throws IOException {
      DiskFile file = disk.create("a");
      disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 2));
      file.write(0, bytes("1"));
      assertThatThrownBy(() -> file.write(1, bytes("2"))).hasMessageContaining("injected");
      file.write(1, bytes("3"));
      assertThat(disk.faultsFired()).isEqualTo(1);
      assertThat(disk.processKill().bytes("a")).isEqualTo("13".getBytes(UTF_8));
    }

    @Test
    void go_on_until_they_are_taken_back() throws IOException {
      DiskFile file = disk.create("a");
      disk.inject(DiskFault.from(DiskFault.Kind.IO_ERROR, 1));
      assertThatThrownBy(() -> file.write(0, bytes("1"))).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.read(0, bytes("1"))).isInstanceOf(IOException.class);
      assertThatThrownBy(disk::list).isInstanceOf(IOException.class);
      disk.heal();
      file.write(0, bytes("1"));
    }

    @Test
    void of_space_hit_only_what_needs_space_and_can_leave_half_a_write() throws IOException {
      DiskFile file = disk.create("a");
      disk.inject(DiskFault.from(DiskFault.Kind.DISK_FULL_SHORT_WRITE, 1));
      assertThat(file.size()).isZero();
      assertThatThrownBy(() -> file.write(0, bytes("1234"))).isInstanceOf(DiskFullException.class);
      assertThat(file.size()).isEqualTo(2);
      file.force();
    }

    @Test
    void of_a_force_can_lose_the_data_for_good_though_it_stays_readable() throws IOException {
      DiskFile file = durableFile("a", "old");
      file.write(0, bytes("new"));
      disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));
      assertThatThrownBy(file::force).isInstanceOf(IOException.class);
      assertThat(DiskContract.read(file, 0, 3)).isEqualTo("new");
      file.force();
      assertThat(contents("a")).containsExactly("old");
    }

    @Test
    void of_a_force_can_keep_the_data() throws IOException {
      DiskFile file = durableFile("a", "old");
      file.write(0, bytes("new"));
      disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR_ALL_DONE, 1));
      assertThatThrownBy(file::force).isInstanceOf(IOException.class);
      assertThat(contents("a")).containsExactly("new");
    }

    @Test
    void of_a_force_of_the_directory_can_lose_names() throws IOException {
      disk.create("a");
      disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));
      assertThatThrownBy(disk::forceDirectory).isInstanceOf(IOException.class);
      disk.forceDirectory();
      assertThat(states(SimulatedFaultTest::names)).containsExactly("");
    }

    @Test
    void never_hit_a_mapped_store_but_a_mapped_force() throws IOException {
      DiskFile file = durableFile("a", "....");
      Mapping mapping = file.map(4, Access.READ_WRITE);
      disk.inject(DiskFault.from(DiskFault.Kind.IO_ERROR, 1));
      mapping.write(0, filled(4, 'X'), 0, 4);
      assertThatThrownBy(() -> mapping.force(0, 4)).isInstanceOf(IOException.class);
      assertThat(contents("a")).containsExactly("....");
    }

    @Test
    void of_a_rename_leave_the_names_as_they_were_or_not() throws IOException {
      disk.create("a");
      disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));
      assertThatThrownBy(() -> disk.rename("a", "b")).isInstanceOf(IOException.class);
      assertThat(disk.list()).containsExactly("a");
      disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR_ALL_DONE, 1));
      assertThatThrownBy(() -> disk.rename("a", "b")).isInstanceOf(IOException.class);
      assertThat(disk.list()).containsExactly("b");
    }

    @Test
    void include_a_power_cut_after_which_nothing_works() throws IOException {
      DiskFile file = disk.create("a");
      disk.powerOff();
      assertThatThrownBy(() -> file.write(0, bytes("x"))).hasMessageContaining("power");
      assertThatThrownBy(disk::list).hasMessageContaining("power");
    }
  }

  @Nested
  class Strictness {

    @Test
    void forbids_holes() throws IOException {
      DiskFile file = disk.create("a");
      assertThatThrownBy(() -> file.write(1, bytes("x")))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void forbids_mapped_stores_where_they_are_not_safe() throws IOException {
      SimulatedDisk unsafe = new SimulatedDisk(new Properties(Long.MAX_VALUE, false));
      DiskFile file = unsafe.create("a");
      file.allocate(10, DiskFile.Pieces.SMALL);
      assertThat(unsafe.hasSafeMappedStores()).isFalse();
      assertThatThrownBy(() -> file.map(10, Access.READ_WRITE).write(0, new byte[1], 0, 1))
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void forbids_truncation_below_a_writable_mapping() throws IOException {
      DiskFile file = disk.create("a");
      file.allocate(10, DiskFile.Pieces.SMALL);
      try (Mapping mapping = file.map(10, Access.READ_WRITE)) {
        assertThatThrownBy(() -> file.truncate(9)).isInstanceOf(IllegalStateException.class);
        file.truncate(mapping.size());
      }
      file.truncate(9);
    }
  }

  @Test
  void a_listener_sees_every_operation_before_and_after() throws IOException {
    List<String> seen = new ArrayList<>();
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            seen.add("before " + operation.number() + " " + operation.type());
          }

          @Override
          public void after(Operation operation) {
            seen.add("after " + operation.number() + " " + disk.snapshot().isAllDurable());
          }
        });
    disk.create("a").force();
    disk.forceDirectory();
    assertThat(seen)
        .containsExactly(
            "before 1 CREATE",
            "after 1 false",
            "before 2 FORCE",
            "after 2 false",
            "before 3 FORCE_DIRECTORY",
            "after 3 true");
  }

  @Test
  void a_listener_can_fail_an_operation_before_it_is_done() throws IOException {
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            throw new IOException("not now");
          }
        });
    assertThatThrownBy(() -> disk.create("a")).hasMessage("not now");
    disk.listen(DiskListener.NONE);
    assertThat(disk.list()).isEmpty();
  }

  private DiskFile durableFile(String name, String content) throws IOException {
    DiskFile file = disk.create(name);
    file.write(0, bytes(content));
    file.force();
    disk.forceDirectory();
    return file;
  }

  private Set<String> contents(String name) {
    return states(state -> content(state, name));
  }

  private <T> Set<T> states(Function<CrashState, T> view) {
    return disk.crashStates(new Random(1), STATES).stream().map(view).collect(Collectors.toSet());
  }

  private static String content(CrashState state, String name) {
    return new String(state.image().bytes(name), UTF_8);
  }

  private static String names(CrashState state) {
    return String.join(" ", state.image().names());
  }

  private static byte[] filled(int length, char with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
