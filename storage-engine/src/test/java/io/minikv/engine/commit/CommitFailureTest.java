package io.minikv.engine.commit;

import static io.minikv.engine.commit.PipelineScenario.putOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Durability;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.NotWritableException.Reason;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.WriteResult;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What callers are told when the disk fails, after which nothing is written any more. */
class CommitFailureTest {

  private static final long SEGMENT_BYTES = 64 << 10;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final PipelineScenario scenario;
  private final CommitPipeline pipeline;

  CommitFailureTest() throws IOException {
    scenario = new PipelineScenario(disk, Durability.ALWAYS, SEGMENT_BYTES);
    pipeline = scenario.pipeline();
  }

  @Test
  void when_a_force_fails_the_outcome_is_unknown_and_nothing_is_written_any_more() {
    scenario.put("a", "1");
    scenario.failAt(OperationType.MAPPED_FORCE);

    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> scenario.put("b", "2"))
        .withMessage(
            "The disk failed during the write (Forcing the log to disk failed: injected). Whether"
                + " it happened shows after the store is opened again.");

    assertThat(pipeline.failure()).hasMessage("Forcing the log to disk failed: injected");
    assertThat(pipeline.isDiskFull()).isFalse();
    disk.listen(DiskListener.NONE);
    long position = scenario.log().position();
    assertFailed(() -> scenario.put("c", "3"));
    assertFailed(pipeline::flush);
    assertFailed(pipeline::roll);
    assertFailed(pipeline::checkTakesWrites);
    pipeline.checkOpen();
    pipeline.tellDurability();
    pipeline.forceNow();
    assertThat(scenario.log().position()).isEqualTo(position);
    assertThat(pipeline.statistics().forces()).isEqualTo(1);
    assertThat(pipeline.statistics().writes()).isEqualTo(1);
  }

  @Test
  void all_that_wait_for_a_force_that_fails_are_told() throws IOException {
    scenario.holdSubmitted();
    CompletableFuture<WriteResult> first = scenario.submit(putOf("a", "1"));
    CompletableFuture<WriteResult> second = scenario.submit(putOf("b", "2"));
    scenario.failAt(OperationType.MAPPED_FORCE);

    pipeline.pump();
    scenario.tell();

    assertFailedWith(first, OutcomeUnknownException.class);
    assertFailedWith(second, OutcomeUnknownException.class);
    assertThat(scenario.visible("a")).isEmpty();
    assertThat(scenario.tolls()).isEmpty();
    assertFailedWith(submitAndTell(), NotWritableException.class);
  }

  @Test
  void a_force_that_ends_with_an_error_fails_as_one_that_the_disk_refuses() {
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            if (operation.type() == OperationType.MAPPED_FORCE) {
              throw new IllegalStateException("an error");
            }
          }
        });

    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> scenario.put("a", "1"))
        .withMessageContaining("an error");
    assertThat(pipeline.failure()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_failure_in_the_background_is_told_to_those_who_come_later_and_the_first_one_stays()
      throws IOException {
    pipeline.fail(new IOException("first"));
    pipeline.fail(new IOException("second"));

    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> scenario.put("a", "1"))
        .withMessage(
            "The store takes no writes since the disk failed (first). Reads go on. Repair the"
                + " disk, then open the store again.")
        .withCauseInstanceOf(IOException.class);
    assertThat(pipeline.failure()).hasMessage("first");
  }

  @Test
  void a_failure_in_the_background_ends_those_that_are_on_their_way() throws IOException {
    scenario.holdSubmitted();
    CompletableFuture<WriteResult> write = scenario.submit(putOf("a", "1"));
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            if (operation.type() == OperationType.MAPPED_FORCE) {
              pipeline.fail(new IOException("in the background"));
            }
          }
        });

    pipeline.pump();
    scenario.tell();

    assertFailedWith(write, OutcomeUnknownException.class);
    assertThat(scenario.visible("a")).isEmpty();
  }

  @Test
  void a_segment_that_cannot_be_begun_ends_the_writing() {
    scenario.put("a", "1");
    scenario.failAt(OperationType.CREATE);

    assertFailed(pipeline::roll);

    assertThat(pipeline.failure()).hasMessageContaining("injected");
    assertThatExceptionOfType(NotWritableException.class).isThrownBy(() -> scenario.put("a", "2"));
  }

  @Test
  void a_failure_behind_a_write_in_what_is_done_ahead_of_the_next_one_ends_it_too() {
    scenario.failAt(OperationType.CREATE);

    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> scenario.put("a", "v".repeat((int) SEGMENT_BYTES * 3 / 4)))
        .withMessageContaining("(injected)");

    assertThat(pipeline.failure()).hasMessage("injected");
  }

  @Test
  void an_error_in_the_middle_of_a_write_ends_the_writing() {
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) {
            if (operation.type() == OperationType.MAPPED_STORE) {
              throw new IllegalStateException("an error");
            }
          }
        });

    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> scenario.put("a", "1"))
        .withMessageContaining("(an error)");
    assertThat(pipeline.failure()).hasMessage("an error");
  }

  @Test
  void a_log_that_failed_gives_back_the_segment_that_was_made_ready() throws IOException {
    scenario.put("a", "v".repeat((int) SEGMENT_BYTES * 3 / 4));
    assertThat(scenario.log().bytesAhead()).isPositive();
    pipeline.fail(new IOException("failed"));

    pipeline.stop();
    pipeline.endLog();

    assertThat(scenario.log().bytesAhead()).isZero();
  }

  @Test
  void a_log_that_failed_is_not_closed_in_order() throws Exception {
    scenario.put("a", "1");
    pipeline.fail(new IOException("failed"));
    long before = disk.operationCount();

    pipeline.stop();
    pipeline.endLog();

    assertThat(disk.operationCount()).isEqualTo(before);
  }

  @Test
  void a_write_that_fails_in_the_middle_has_an_unknown_outcome() throws IOException {
    SimulatedDisk plain = PipelineScenario.diskWithoutMappings();
    PipelineScenario other = new PipelineScenario(plain, Durability.OS, SEGMENT_BYTES);
    plain.inject(DiskFault.once(DiskFault.Kind.IO_ERROR_HALF_DONE, 1));

    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> other.put("a", "1"))
        .withMessageContaining("A write to 000000001.log failed");
    assertThat(other.pipeline().failure()).hasMessageContaining("A write to 000000001.log failed");
    assertFailed(() -> other.put("b", "1"));
  }

  @Test
  void a_word_about_durability_that_fails_ends_the_writing() throws IOException {
    SimulatedDisk plain = PipelineScenario.diskWithoutMappings();
    PipelineScenario other = new PipelineScenario(plain, Durability.ALWAYS, SEGMENT_BYTES);
    other.put("a", "1");
    plain.inject(DiskFault.once(DiskFault.Kind.DISK_FULL, 1));
    other.pipeline().tellDurability();
    assertThat(other.pipeline().failure()).isNull();
    assertThat(other.log().hasUntoldDurability()).isTrue();

    plain.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));
    other.pipeline().tellDurability();

    assertThat(other.pipeline().failure()).hasMessageContaining("A write to 000000001.log failed");
  }

  private CompletableFuture<WriteResult> submitAndTell() {
    CompletableFuture<WriteResult> write = scenario.submit(putOf("c", "3"));
    pipeline.pump();
    scenario.tell();
    return write;
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void assertFailed(Step step) {
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(step::run)
        .returns(Reason.DISK_FAILED, NotWritableException::reason)
        .withMessageContaining("The store takes no writes since the disk failed");
  }

  private static void assertFailedWith(
      CompletableFuture<?> write, Class<? extends Throwable> reason) {
    assertThat(write).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(reason);
  }
}
