package io.minikv.engine.commit;

import static io.minikv.engine.commit.PipelineScenario.deleteOf;
import static io.minikv.engine.commit.PipelineScenario.putOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.domain.WriteResult;
import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.engine.commit.PipelineScenario.Wakes;
import io.minikv.engine.io.DataLoss;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.NameLoss;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.segment.Location;
import io.minikv.engine.segment.ManifestFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The way of a write: when it is appended, forced, visible and answered, and what is counted. */
class CommitPipelineTest {

  private static final long SEGMENT_BYTES = 64 << 10;

  private PipelineScenario scenario = create(Durability.ALWAYS, SEGMENT_BYTES);
  private CommitPipeline pipeline = scenario.pipeline();

  // ---- callers that wait

  @Test
  void a_write_is_durable_and_visible_when_its_caller_goes_on() throws IOException {
    WriteResult result = scenario.put("key", "value");

    assertThat(result.version()).contains(new Version(1));
    assertThat(scenario.visible("key")).contains(1L);
    assertThat(pipeline.visibility().sequence()).isEqualTo(1);
    assertThat(scenario.log().unforced().isEmpty()).isTrue();
    assertThat(pipeline.statistics()).isEqualTo(new CommitStatistics(1, 1, 1, 1));
    assertThat(scenario.tolls()).hasSize(1);
  }

  @Test
  void a_write_that_changes_nothing_is_not_forced() {
    WriteResult result = scenario.write(deleteOf("absent"), Durability.ALWAYS);

    assertThat(result.version()).isEmpty();
    assertThat(pipeline.statistics()).isEqualTo(new CommitStatistics(1, 0, 0, 0));
    assertThat(scenario.log().lastSequence()).isZero();
  }

  @Test
  void each_record_of_a_batch_is_counted_and_the_batch_is_one_write() {
    scenario.write(putOf("a", "1"), putOf("b", "2"), deleteOf("absent"));

    assertThat(pipeline.statistics()).isEqualTo(new CommitStatistics(1, 2, 1, 1));
  }

  @Test
  void what_the_system_may_lose_is_visible_before_it_is_forced() throws IOException {
    use(Durability.OS, SEGMENT_BYTES);

    scenario.put("key", "value");

    assertThat(scenario.visible("key")).contains(1L);
    assertThat(pipeline.statistics()).isEqualTo(new CommitStatistics(1, 1, 0, 0));
    assertThat(pipeline.firstUnpublished()).isEqualTo(Location.NONE);
  }

  @Test
  void a_write_that_asks_for_more_than_the_store_is_forced_and_what_lies_before_with_it()
      throws IOException {
    use(Durability.OS, SEGMENT_BYTES);
    scenario.put("a", "1");

    scenario.write(putOf("b", "2"), Durability.INTERVAL);

    assertThat(pipeline.statistics()).isEqualTo(new CommitStatistics(2, 2, 1, 1));
    assertThat(scenario.log().unforced().isEmpty()).isTrue();
  }

  // ---- callers that do not wait

  @Test
  void who_does_not_wait_is_told_elsewhere() throws IOException {
    CompletableFuture<WriteResult> write = scenario.submit(putOf("key", "value"));
    assertThat(write).isNotDone();
    assertThat(scenario.visible("key")).contains(1L);

    scenario.tell();

    assertThat(write.join().version()).contains(new Version(1));
    assertThat(scenario.tolls()).hasSize(1);
    assertThat(pipeline.statistics()).isEqualTo(new CommitStatistics(1, 1, 1, 1));
  }

  @Test
  void what_is_submitted_waits_for_the_one_who_pumps_and_shares_its_force() throws IOException {
    Wakes wakes = scenario.holdSubmitted();
    CompletableFuture<WriteResult> first = scenario.submit(putOf("a", "1"));
    CompletableFuture<WriteResult> second = scenario.submit(putOf("b", "2"));
    assertThat(wakes.count()).isEqualTo(2);
    assertThat(scenario.log().lastSequence()).isZero();

    pipeline.pump();
    scenario.tell();

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(pipeline.statistics()).isEqualTo(new CommitStatistics(2, 2, 1, 2));
  }

  @Test
  void who_waits_appends_and_forces_what_was_submitted_before() throws IOException {
    scenario.holdSubmitted();
    CompletableFuture<WriteResult> submitted = scenario.submit(putOf("a", "1"));

    scenario.put("b", "2");
    scenario.tell();

    assertThat(submitted.join().version()).contains(new Version(1));
    assertThat(scenario.visible("b")).contains(2L);
    assertThat(pipeline.statistics()).isEqualTo(new CommitStatistics(2, 2, 1, 2));
  }

  @Test
  void more_than_fits_on_its_way_is_refused() {
    scenario.holdSubmitted();
    Mutation large = Mutation.Put.of(Key.of("large"), Value.wrap(new byte[40 << 20]));
    CompletableFuture<WriteResult> first = scenario.submit(large);

    assertThat(scenario.submit(large))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(OverloadedException.class)
        .withMessageContaining("More than 64 MiB of writes are waiting for the disk. Try again.");
    assertThat(first).isNotDone();
  }

  @Test
  void what_is_submitted_during_a_force_is_left_to_the_one_who_pumps() {
    Wakes wakes = scenario.holdSubmitted();
    List<CompletableFuture<WriteResult>> submitted = new ArrayList<>();
    scenario
        .disk()
        .listen(
            new DiskListener() {
              @Override
              public void before(Operation operation) {
                if (operation.type() == OperationType.MAPPED_FORCE && submitted.isEmpty()) {
                  submitted.add(scenario.submit(putOf("b", "2")));
                }
              }
            });

    scenario.put("a", "1");

    assertThat(wakes.count()).isEqualTo(2); // When it is submitted, and behind the force.
    assertThat(submitted.getFirst()).isNotDone();
    pipeline.pump();
    scenario.tell();
    assertThat(submitted.getFirst()).isCompleted();
  }

  // ---- what is visible

  @Test
  void what_is_appended_and_not_durable_is_not_visible() throws IOException {
    List<String> seen = new ArrayList<>();
    onForce(() -> {
      seen.add(scenario.visible("a") + " " + pipeline.visibility().sequence());
      assertThat(pipeline.firstUnpublished()).isEqualTo(Location.of(1, 64));
    });

    scenario.put("a", "1");

    assertThat(seen).containsExactly("Optional.empty 0");
    assertThat(pipeline.firstUnpublished()).isEqualTo(Location.NONE);
  }

  @Test
  void the_keys_of_a_batch_become_visible_between_two_counts() {
    scenario.put("single", "1");
    assertThat(pipeline.visibility().batchStamp()).isZero();

    scenario.write(putOf("a", "1"), putOf("b", "2"));

    assertThat(pipeline.visibility().batchStamp()).isEqualTo(2);
    pipeline.visibility().awaitWholeBatches();
  }

  @Test
  void a_batch_that_changes_nothing_is_no_batch_for_readers() {
    scenario.write(deleteOf("a"), deleteOf("b"));

    assertThat(pipeline.visibility().batchStamp()).isZero();
  }

  // ---- forces on demand

  @Test
  void a_flush_makes_durable_what_was_appended_and_forces_nothing_else() throws IOException {
    use(Durability.OS, SEGMENT_BYTES);
    scenario.put("key", "value");

    pipeline.flush();
    assertThat(scenario.log().unforced().isEmpty()).isTrue();
    assertThat(pipeline.statistics().forces()).isEqualTo(1);

    pipeline.flush();
    assertThat(pipeline.statistics().forces()).isEqualTo(1);
  }

  @Test
  void much_that_is_not_durable_is_forced_in_the_background_before_the_segment_ends()
      throws IOException {
    use(Durability.OS, 32 << 20);
    Wakes wakes = scenario.holdSubmitted();
    String value = "v".repeat(100_000);
    for (int i = 0; i < 20; i++) {
      scenario.put("key-" + i, value);
    }
    pipeline.pump();
    assertThat(wakes.count()).isZero();
    assertThat(pipeline.statistics().forces()).isZero();

    scenario.put("key", value);

    assertThat(wakes.count()).isPositive();
    assertThat(pipeline.statistics().forces()).isZero();
    pipeline.pump();
    assertThat(pipeline.statistics()).isEqualTo(new CommitStatistics(21, 21, 1, 0));
  }

  @Test
  void the_log_tells_once_that_it_is_durable_and_makes_that_durable() throws IOException {
    scenario.put("key", "value");
    long end = scenario.log().position();

    pipeline.tellDurability();
    pipeline.tellDurability();

    assertThat(scenario.log().position()).isEqualTo(end + 32);
    assertThat(scenario.log().unforced().isEmpty()).isTrue();
    assertThat(pipeline.statistics().forces()).isEqualTo(2);
  }

  @Test
  void the_next_segment_is_made_ready_when_the_active_one_is_half_full() {
    scenario.put("a", "v".repeat((int) SEGMENT_BYTES / 3));
    assertThat(scenario.log().bytesAhead()).isZero();

    scenario.put("b", "v".repeat((int) SEGMENT_BYTES / 3));

    assertThat(scenario.log().bytesAhead()).isPositive();
  }

  @Test
  void a_segment_is_ended_on_demand_unless_it_is_empty() {
    pipeline.roll();
    assertThat(scenario.log().activeSegment().fileNumber()).isEqualTo(1);
    scenario.put("key", "value");

    pipeline.roll();

    assertThat(scenario.log().activeSegment().fileNumber()).isEqualTo(2);
  }

  // ---- the end

  @Test
  void from_the_beginning_of_the_end_on_no_write_is_taken_and_those_before_are_finished()
      throws Exception {
    scenario.holdSubmitted();
    CompletableFuture<WriteResult> before = scenario.submit(putOf("a", "1"));

    pipeline.drain();

    scenario.tell();
    assertThat(before).isCompleted();
    assertThatExceptionOfType(StoreClosedException.class)
        .isThrownBy(() -> scenario.put("b", "2"))
        .withMessage("The store is closed.");
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(pipeline::checkOpen);
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(pipeline::checkTakesWrites);
    assertThat(scenario.submit(putOf("b", "2")))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(StoreClosedException.class);
    assertThat(pipeline.<Long, RuntimeException>underLock(() -> 7L)).isEqualTo(7);
  }

  @Test
  void after_its_end_nothing_runs_under_the_lock() throws Exception {
    scenario.put("key", "value");

    pipeline.stop();
    pipeline.endLog();

    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(pipeline::flush);
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(pipeline::roll);
    assertThat(ManifestFile.read(afterPowerCut()).closed()).isTrue();
    long position = scenario.log().position();
    pipeline.tellDurability();
    pipeline.forceNow();
    assertThat(scenario.log().position()).isEqualTo(position);
  }

  @Test
  void stopping_finishes_what_was_submitted() throws Exception {
    scenario.holdSubmitted();
    CompletableFuture<WriteResult> write = scenario.submit(putOf("a", "1"));

    pipeline.stop();

    scenario.tell();
    assertThat(write).isCompleted();
    assertThatExceptionOfType(StoreClosedException.class).isThrownBy(() -> scenario.put("b", "2"));
  }

  @Test
  void answers_are_told_when_the_lock_is_given_back_for_good() {
    scenario.holdSubmitted();
    CompletableFuture<WriteResult> write = scenario.submit(deleteOf("absent"));

    pipeline.<Boolean, RuntimeException>underLock(() -> {
      pipeline.pump();
      scenario.tell();
      assertThat(write).isNotDone();
      return true;
    });

    scenario.tell();
    assertThat(write).isCompleted();
  }

  /** Something that looks at a disk. */
  private interface Look {
    void run() throws IOException;
  }

  private void onForce(Look look) {
    scenario
        .disk()
        .listen(
            new DiskListener() {
              @Override
              public void before(Operation operation) throws IOException {
                if (operation.type() == OperationType.MAPPED_FORCE) {
                  look.run();
                }
              }
            });
  }

  private void use(Durability durability, long segmentBytes) {
    scenario = create(durability, segmentBytes);
    pipeline = scenario.pipeline();
  }

  private static PipelineScenario create(Durability durability, long segmentBytes) {
    try {
      return new PipelineScenario(new SimulatedDisk(), durability, segmentBytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private SimulatedDisk afterPowerCut() {
    return SimulatedDisk.from(
        scenario.disk().snapshot().state(DataLoss.ALL, NameLoss.ALL, new Random(0)).image());
  }
}
