package io.minikv.engine.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.io.Disk.Access;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a simulated disk leaves after a power cut. */
class SimulatedCrashTest {

  private static final int STATES = 2000;

  private final SimulatedDisk disk = new SimulatedDisk();

  @Nested
  class Bytes {

    @Test
    void that_were_not_forced_are_there_or_not() throws IOException {
      DiskFile file = durableFile("a", "");
      file.write(0, bytes("hello"));
      assertThat(contents("a")).contains("", "hello", "\0\0\0\0\0");
    }

    @Test
    void that_were_forced_are_there_in_every_state() throws IOException {
      DiskFile file = durableFile("a", "");
      file.write(0, bytes("hello"));
      file.force();
      file.write(5, bytes(" world"));
      assertThat(contents("a"))
          .allMatch(content -> content.startsWith("hello"))
          .hasSizeGreaterThan(2);
    }

    @Test
    void written_later_can_be_there_without_those_written_before() throws IOException {
      DiskFile file = durableFile("a", "........");
      file.write(0, bytes("1"));
      file.write(4, bytes("2"));
      assertThat(contents("a")).contains("....2...", "1.......", "1...2...", "........");
    }

    @Test
    void of_two_files_are_written_in_any_order() throws IOException {
      DiskFile first = durableFile("a", "-");
      DiskFile second = durableFile("b", "-");
      first.write(0, bytes("1"));
      second.write(0, bytes("2"));
      assertThat(states(state -> content(state, "a") + content(state, "b")))
          .contains("--", "1-", "-2", "12");
    }

    @Test
    void of_one_write_are_torn_at_sectors_and_nowhere_else() throws IOException {
      byte[] old = filled(4 * 512, '.');
      byte[] now = filled(1200, 'X');
      DiskFile file = durableFile("a", new String(old, UTF_8));
      file.write(300, ByteBuffer.wrap(now));
      Set<List<Boolean>> sectorsSeen =
          disk.crashStates(new Random(1), STATES).stream()
              .map(state -> sectorsPresent(state.image().bytes("a")))
              .collect(Collectors.toSet());
      // The write touches 212 bytes of the first sector, two whole ones, none of the fourth.
      assertThat(sectorsSeen).hasSize(8);
    }

    private List<Boolean> sectorsPresent(byte[] content) {
      List<Boolean> present = new ArrayList<>();
      for (int[] range : new int[][] {{300, 512}, {512, 1024}, {1024, 1500}}) {
        byte[] part = Arrays.copyOfRange(content, range[0], range[1]);
        boolean whole = Arrays.equals(part, filled(part.length, 'X'));
        assertThat(whole || Arrays.equals(part, filled(part.length, '.'))).isTrue();
        present.add(whole);
      }
      return present;
    }

    @Test
    void stored_through_a_mapping_are_pending_and_can_be_cut_inside_a_sector() throws IOException {
      DiskFile file = durableFile("a", ".".repeat(64));
      try (Mapping mapping = file.map(64, Access.READ_WRITE)) {
        mapping.write(0, filled(32, 'X'), 0, 32);
        String rest = ".".repeat(32);
        assertThat(contents("a"))
            .contains(".".repeat(64), "X".repeat(32) + rest, "X".repeat(8) + ".".repeat(56));
        mapping.force(0, 32);
        assertThat(contents("a")).containsExactly("X".repeat(32) + rest);
      }
    }

    @Test
    void stored_through_a_mapping_are_forced_by_the_file_too() throws IOException {
      DiskFile file = durableFile("a", "....");
      file.map(4, Access.READ_WRITE).write(0, filled(4, 'X'), 0, 4);
      file.force();
      assertThat(contents("a")).containsExactly("XXXX");
    }

    @Test
    void of_a_mapping_are_forced_by_whole_pages_and_no_further() throws IOException {
      DiskFile file = disk.create("a");
      file.allocate(3 * 4096, DiskFile.Pieces.SMALL);
      file.force();
      disk.forceDirectory();
      try (Mapping mapping = file.map(3 * 4096, Access.READ_WRITE)) {
        mapping.write(4096 - 8, filled(16, 'X'), 0, 16);
        mapping.force(4096, 1);
        Set<String> seen =
            states(state -> {
              byte[] content = state.image().bytes("a");
              return content[4095] + " " + content[4096];
            });
        assertThat(seen).containsExactlyInAnyOrder("0 88", "88 88");
      }
    }

    @Test
    void of_a_mapped_force_keep_their_size_with_them() throws IOException {
      DiskFile file = durableFile("a", "");
      file.allocate(100, DiskFile.Pieces.SMALL);
      file.map(100, Access.READ_WRITE).write(10, filled(5, 'X'), 0, 5);
      file.map(100, Access.READ_WRITE).force(10, 5);
      assertThat(contents("a")).allMatch(content -> content.startsWith("\0".repeat(10) + "XXXXX"));
    }

    @Test
    void cut_off_come_back_until_that_is_forced() throws IOException {
      DiskFile file = durableFile("a", "hello");
      file.truncate(2);
      assertThat(contents("a")).containsExactlyInAnyOrder("he", "hello");
      file.force();
      assertThat(contents("a")).containsExactly("he");
    }

    @Test
    void of_allocated_space_are_zeros_or_not_there() throws IOException {
      DiskFile file = durableFile("a", "x");
      file.allocate(3, DiskFile.Pieces.SMALL);
      assertThat(contents("a")).containsExactlyInAnyOrder("x", "x\0\0");
    }

    @Test
    void of_one_sector_written_several_times_are_as_of_any_moment() throws IOException {
      DiskFile file = durableFile("a", "0");
      for (int i = 1; i <= 5; i++) {
        file.write(0, bytes("" + i));
      }
      assertThat(contents("a")).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5");
    }

    @Test
    void all_survive_the_end_of_the_process() throws IOException {
      DiskFile file = disk.create("a");
      file.write(0, bytes("hello"));
      file.map(5, Access.READ_WRITE).write(0, bytes("j").array(), 0, 1);
      disk.create("b").close();
      disk.rename("b", "c");
      DiskImage image = disk.processKill();
      assertThat(image.names()).containsExactly("a", "c");
      assertThat(image.bytes("a")).isEqualTo("jello".getBytes(UTF_8));
    }
  }

  @Nested
  class Names {

    @Test
    void that_were_not_forced_vanish_with_their_forced_bytes() throws IOException {
      DiskFile file = disk.create("a");
      file.write(0, bytes("hello"));
      file.force();
      assertThat(states(SimulatedCrashTest::names)).containsExactlyInAnyOrder("", "a");
      disk.forceDirectory();
      assertThat(states(SimulatedCrashTest::names)).containsExactly("a");
      assertThat(contents("a")).containsExactly("hello");
    }

    @Test
    void that_were_forced_can_be_without_their_bytes() throws IOException {
      disk.create("a").write(0, bytes("hello"));
      disk.forceDirectory();
      assertThat(contents("a")).contains("", "hello");
    }

    @Test
    void are_replaced_by_renaming_as_a_whole() throws IOException {
      durableFile("a", "old");
      DiskFile next = disk.create("b");
      next.write(0, bytes("new"));
      next.force();
      disk.rename("b", "a");
      assertThat(states(state -> names(state) + "=" + content(state, "a")))
          .containsExactlyInAnyOrder("a=old", "a b=old", "a=new");
    }

    @Test
    void replaced_before_the_bytes_were_forced_can_mean_an_empty_file() throws IOException {
      durableFile("a", "old");
      disk.create("b").write(0, bytes("new"));
      disk.rename("b", "a");
      assertThat(contents("a")).contains("old", "new", "");
    }

    @Test
    void deleted_come_back_until_that_is_forced() throws IOException {
      durableFile("a", "1");
      durableFile("b", "2");
      disk.delete("a");
      disk.delete("b");
      assertThat(states(SimulatedCrashTest::names)).containsExactlyInAnyOrder("", "a", "b", "a b");
      disk.forceDirectory();
      assertThat(states(SimulatedCrashTest::names)).containsExactly("");
    }

    @Test
    void are_not_made_durable_by_forcing_a_file() throws IOException {
      disk.create("a").force();
      assertThat(states(SimulatedCrashTest::names)).contains("");
    }
  }

  @Nested
  class States {

    @Test
    void are_one_only_when_all_is_durable() throws IOException {
      durableFile("a", "x");
      assertThat(disk.crashStates(new Random(1), 100)).hasSize(1);
    }

    @Test
    void begin_with_all_lost_and_all_kept() throws IOException {
      disk.create("a").write(0, bytes("x"));
      List<CrashState> states = disk.crashStates(new Random(1), 2);
      assertThat(states.get(0).image().names()).isEmpty();
      assertThat(states.get(1).image().bytes("a")).isEqualTo(new byte[] {'x'});
      assertThat(states.get(1).image().contentHash()).isEqualTo(disk.processKill().contentHash());
    }

    @Test
    void are_the_same_for_the_same_seed_and_none_twice() throws IOException {
      writeTwenty();
      List<Long> first = hashes(disk.crashStates(new Random(7), 300));
      assertThat(first).isEqualTo(hashes(disk.crashStates(new Random(7), 300)));
      assertThat(first).doesNotHaveDuplicates().hasSizeGreaterThan(50);
    }

    private void writeTwenty() throws IOException {
      DiskFile file = disk.create("a");
      for (int i = 0; i < 20; i++) {
        file.write(i * 700L, ByteBuffer.wrap(filled(700, (char) ('a' + i))));
      }
    }

    private List<Long> hashes(List<CrashState> states) {
      return states.stream().map(state -> state.image().contentHash()).toList();
    }

    @Test
    void have_equal_hashes_exactly_when_names_and_bytes_are_equal() throws IOException {
      DiskFile file = disk.create("a");
      file.write(0, bytes("hello"));
      long hello = disk.processKill().contentHash();
      file.write(0, bytes("j"));
      assertThat(disk.processKill().contentHash()).isNotEqualTo(hello);
      file.write(0, bytes("h"));
      assertThat(disk.processKill().contentHash()).isEqualTo(hello);
      disk.rename("a", "b");
      assertThat(disk.processKill().contentHash()).isNotEqualTo(hello);
    }

    @Test
    void do_not_change_when_the_disk_does() throws IOException {
      DiskFile file = durableFile("a", "hello");
      DiskSnapshot snapshot = disk.snapshot();
      DiskImage killed = disk.processKill();
      file.write(0, bytes("j"));
      file.force();
      assertThat(snapshot.crashStates(new Random(1), 10)).hasSize(1);
      assertThat(snapshot.crashStates(new Random(1), 1).getFirst().image().bytes("a"))
          .isEqualTo("hello".getBytes(UTF_8));
      assertThat(killed.bytes("a")).isEqualTo("hello".getBytes(UTF_8));
    }

    @Test
    void start_disks_that_do_not_disturb_each_other() throws IOException {
      durableFile("a", "hello");
      DiskImage image = disk.processKill();
      SimulatedDisk first = SimulatedDisk.from(image);
      SimulatedDisk second = SimulatedDisk.from(image);
      first.open("a", Access.READ_WRITE).write(0, bytes("j"));
      second.delete("a");
      assertThat(first.processKill().bytes("a")).isEqualTo("jello".getBytes(UTF_8));
      assertThat(second.list()).isEmpty();
      assertThat(image.bytes("a")).isEqualTo("hello".getBytes(UTF_8));
      assertThat(first.crashStates(new Random(1), 50)).hasSizeBetween(2, 3);
    }

    @Test
    void start_disks_without_locks() throws IOException {
      disk.lock("LOCK", "me");
      SimulatedDisk.from(disk.processKill()).lock("LOCK", "me").close();
    }

    @ParameterizedTest
    @EnumSource(DataLoss.class)
    void of_every_kind_of_loss_are_made(DataLoss loss) throws IOException {
      writeTwenty();
      assertThat(disk.crashStates(new Random(1), STATES))
          .extracting(CrashState::data)
          .contains(loss);
    }

    @ParameterizedTest
    @EnumSource(NameLoss.class)
    void of_every_kind_of_loss_of_names_are_made(NameLoss loss) throws IOException {
      for (int i = 0; i < 10; i++) {
        disk.create("file" + i);
      }
      assertThat(disk.crashStates(new Random(1), STATES))
          .extracting(CrashState::names)
          .contains(loss);
    }

    @Test
    void are_made_by_the_ten_thousands_a_second() throws IOException {
      DiskFile file = durableFile("log", "");
      file.allocate(64 * 1024, DiskFile.Pieces.SMALL);
      file.force();
      for (int i = 0; i < 20; i++) {
        file.write(i * 3000L, ByteBuffer.wrap(filled(3000, 'x')));
      }
      disk.create("next");
      disk.crashStates(new Random(1), 1000);
      long start = System.nanoTime();
      List<CrashState> states = disk.crashStates(new Random(2), 20_000);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("%d states in %.2f s%n", states.size(), seconds);
      assertThat(seconds).isLessThan(20);
    }
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
