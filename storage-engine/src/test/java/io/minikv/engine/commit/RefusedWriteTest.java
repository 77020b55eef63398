package io.minikv.engine.commit;

import static io.minikv.engine.commit.PipelineScenario.deleteOf;
import static io.minikv.engine.commit.PipelineScenario.putOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Condition;
import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.NotWritableException.Reason;
import io.minikv.domain.WriteResult;
import io.minikv.engine.io.Disk;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskFile;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What is refused alone, for lack of space or of what a write needs; the others go on. */
class RefusedWriteTest {

  private static final long SEGMENT_BYTES = 64 << 10;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final PipelineScenario scenario;
  private final CommitPipeline pipeline;

  RefusedWriteTest() throws IOException {
    scenario = new PipelineScenario(disk, Durability.ALWAYS, SEGMENT_BYTES);
    pipeline = scenario.pipeline();
  }

  // ---- a disk that is full

  @Test
  void a_full_disk_refuses_puts_until_one_succeeds() {
    scenario.put("a", "1");
    disk.setCapacity(1);
    String large = "x".repeat(100_000);

    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> scenario.put("b", large))
        .returns(Reason.DISK_FULL, NotWritableException::reason)
        .withMessage(
            "The disk is full (no space left on the simulated disk). Writes go on when there is"
                + " space again.");
    assertThat(pipeline.isDiskFull()).isTrue();
    scenario.write(deleteOf("a"), Durability.OS);
    assertThat(pipeline.isDiskFull()).isTrue();

    disk.setCapacity(Long.MAX_VALUE);
    scenario.put("b", large);

    assertThat(pipeline.isDiskFull()).isFalse();
    assertThat(pipeline.failure()).isNull();
  }

  @Test
  void a_full_disk_ends_no_segment_on_demand() {
    scenario.put("a", "1");
    disk.setCapacity(1);

    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(pipeline::roll)
        .returns(Reason.DISK_FULL, NotWritableException::reason);

    disk.setCapacity(Long.MAX_VALUE);
    pipeline.roll();
    assertThat(scenario.log().activeSegment().fileNumber()).isEqualTo(3);
  }

  @Test
  void a_batch_that_a_full_disk_cuts_short_is_taken_back_as_a_whole() throws IOException {
    SimulatedDisk plain = PipelineScenario.diskWithoutMappings();
    PipelineScenario other = new PipelineScenario(plain, Durability.OS, SEGMENT_BYTES);
    other.put("a", "1");
    long end = other.log().position();
    plain.inject(DiskFault.once(DiskFault.Kind.DISK_FULL_SHORT_WRITE, 2)); // The second record.

    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> other.write(putOf("b", "1"), putOf("c", "1")))
        .returns(Reason.DISK_FULL, NotWritableException::reason);

    assertThat(other.log().position()).isEqualTo(end);
    assertThat(plain.processKill().bytes("000000001.log")).hasSize((int) end);
    assertThat(other.visible("b")).isEmpty();
    other.put("b", "2");
    assertThat(other.visible("b")).contains(3L);
  }

  @Test
  void the_last_space_of_the_disk_is_left_to_deletes() throws IOException {
    SimulatedDisk small = new SimulatedDisk(new SimulatedDisk.Properties(700_000, true));
    PipelineScenario other = new PipelineScenario(small, Durability.OS, 1 << 20, 200_000);
    String value = "v".repeat(10_000);
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> {
          for (int i = 0; i < 100; i++) {
            other.put("key-" + i, value);
          }
        })
        .withMessageContaining("the last 200000 bytes are kept for deletes and compactions");

    assertThat(other.write(deleteOf("key-0"), Durability.OS).version()).isPresent();
    assertThat(other.write(deleteOf("key-1"), deleteOf("key-2")).version()).isPresent();
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> other.write(deleteOf("key-3"), putOf("key-4", value)));
  }

  // ---- what was there before

  @Test
  void a_write_whose_former_record_cannot_be_read_is_refused_alone() {
    scenario.put("a", "1");
    scenario.failAt(OperationType.MAPPED_READ);

    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> scenario.put("a", "2"))
        .returns(Reason.DISK_FAILED, NotWritableException::reason)
        .withMessage("What is stored under the key could not be read: injected");

    assertThat(pipeline.failure()).isNull();
    scenario.put("b", "1");
    disk.listen(DiskListener.NONE);
    scenario.put("a", "3");
  }

  @Test
  void no_condition_is_decided_on_a_damaged_entry_and_a_write_without_one_repairs_it()
      throws IOException {
    scenario.put("a", "1");
    scenario.put("b", "1");
    damage(64);

    assertThatExceptionOfType(DamagedDataException.class)
        .isThrownBy(() -> scenario.write(putOf("a", "2").onlyIf(Condition.absent()), Durability.OS))
        .withMessage(
            "The entry of the key a is damaged (000000001.log, at byte 64), so that no condition"
                + " on it can be decided. Write it again without a condition.")
        .returns("000000001.log", DamagedDataException::file)
        .satisfies(e -> assertThat(e.key()).contains(Key.of("a")));
    WriteResult repaired = scenario.put("a", "3");

    assertThat(repaired.previous()).isEmpty();
    assertThat(scenario.visible("a")).contains(3L);
  }

  @Test
  void a_delete_takes_a_damaged_entry_away() throws IOException {
    scenario.put("a", "1");
    damage(64);

    WriteResult deleted = scenario.write(deleteOf("a"), Durability.OS);

    assertThat(deleted.version()).isPresent();
    assertThat(scenario.visible("a")).isEmpty();
  }

  private void damage(long at) throws IOException {
    try (DiskFile file = disk.open("000000001.log", Disk.Access.READ_WRITE)) {
      file.write(at, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
    }
  }
}
