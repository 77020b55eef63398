package io.minikv.engine.commit;

import static io.minikv.engine.commit.PipelineScenario.putOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.Durability;
import io.minikv.domain.WriteResult;
import io.minikv.engine.format.SegmentHeader;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommitThreadTest {

  private static final Duration INTERVAL = Duration.ofMillis(2);

  /** Behind the only record that is put; a word on its durability follows. */
  private static final long END_OF_RECORD = SegmentHeader.LENGTH + 48;

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void what_nobody_waits_for_is_appended_and_forced_by_the_thread() throws IOException {
    PipelineScenario scenario = create(Durability.ALWAYS);
    try (CommitThread _ = thread(scenario, Durability.ALWAYS)) {
      CompletableFuture<WriteResult> write = scenario.submit(putOf("key", "value"));

      await().until(() -> scenario.pipeline().visibility().sequence() == 1);
      await()
          .until(() -> {
            scenario.tell();
            return write.isDone();
          });
      assertThat(scenario.pipeline().statistics().forces()).isPositive();
    }
  }

  @Test
  void in_intervals_it_forces_what_was_written_and_then_tells_that_it_is_durable()
      throws IOException {
    PipelineScenario scenario = create(Durability.INTERVAL);
    try (CommitThread _ = thread(scenario, Durability.INTERVAL)) {
      scenario.put("key", "value");
      assertThat(scenario.visible("key")).contains(1L);

      await().until(() -> scenario.pipeline().statistics().forces() > 0);
      await().until(() -> tellsDurability(scenario));
      await().until(() -> scenario.pipeline().underLock(scenario.log().unforced()::isEmpty));
    }
  }

  @Test
  void a_log_that_is_forced_with_each_write_tells_that_it_is_durable_when_it_falls_idle()
      throws IOException {
    PipelineScenario scenario = create(Durability.ALWAYS);
    try (CommitThread _ = thread(scenario, Durability.ALWAYS)) {
      scenario.put("key", "value");

      await().until(() -> tellsDurability(scenario));
    }
  }

  @Test
  void an_error_of_the_thread_ends_the_writing_and_is_told() throws IOException {
    PipelineScenario scenario = create(Durability.ALWAYS);
    scenario.put("key", "value");
    try (CommitThread _ = thread(scenario, Durability.ALWAYS)) {
      disk.listen(
          new DiskListener() {
            @Override
            public void before(Operation operation) {
              if (operation.type() == OperationType.MAPPED_READ) {
                throw new IllegalStateException("an error");
              }
            }
          });

      CompletableFuture<WriteResult> write = scenario.submit(putOf("key", "another"));

      await().until(() -> scenario.pipeline().failure() != null);
      assertThat(scenario.pipeline().failure())
          .hasMessage(
              "the thread that forces the log failed: java.lang.IllegalStateException: an error");
      assertThat(write).isNotDone();
    }
  }

  @Test
  void after_its_end_it_does_nothing_and_what_is_queued_is_left_to_others() throws IOException {
    PipelineScenario scenario = create(Durability.INTERVAL);
    long before = commitThreads();
    thread(scenario, Durability.INTERVAL).close();

    assertThat(commitThreads()).isLessThanOrEqualTo(before);
    CompletableFuture<WriteResult> write = scenario.submit(putOf("key", "value"));
    assertThat(scenario.visible("key")).isEmpty();

    scenario.pipeline().stop();
    scenario.tell();
    assertThat(write).isCompleted();
  }

  private static long commitThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("minikv-commit"))
        .count();
  }

  private static boolean tellsDurability(PipelineScenario scenario) {
    return scenario.pipeline().underLock(scenario.log()::position) > END_OF_RECORD;
  }

  private CommitThread thread(PipelineScenario scenario, Durability durability) {
    return new CommitThread(scenario.pipeline(), durability, INTERVAL);
  }

  private PipelineScenario create(Durability durability) throws IOException {
    return new PipelineScenario(disk, durability, 64 << 10);
  }
}
