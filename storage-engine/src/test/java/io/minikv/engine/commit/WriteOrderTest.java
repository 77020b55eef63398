package io.minikv.engine.commit;

import static io.minikv.engine.commit.PipelineScenario.deleteOf;
import static io.minikv.engine.commit.PipelineScenario.putOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.BatchResult;
import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Mutation;
import io.minikv.domain.Version;
import io.minikv.domain.WriteResult;
import io.minikv.domain.maintenance.CommitStatistics;
import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes that come while those before them are not durable yet: what they rest on. */
class WriteOrderTest {

  private final SimulatedDisk disk = new SimulatedDisk();
  private final PipelineScenario scenario;
  private final List<CompletableFuture<WriteResult>> submitted = new ArrayList<>();

  WriteOrderTest() throws IOException {
    scenario = new PipelineScenario(disk, Durability.ALWAYS, 64 << 10);
  }

  @BeforeEach
  void holdSubmitted() {
    scenario.holdSubmitted();
  }

  @Test
  void a_condition_is_decided_by_the_write_before_it_though_that_is_not_visible_yet()
      throws IOException {
    CompletableFuture<WriteResult> first = scenario.submit(putOf("key", "1"));
    CompletableFuture<WriteResult> refused =
        scenario.submit(putOf("key", "2").onlyIf(Condition.absent()));
    CompletableFuture<WriteResult> third =
        scenario.submit(putOf("key", "3").onlyIf(Condition.versionIs(new Version(1))));

    finish();

    assertThat(first.join().previous()).isEmpty();
    assertThat(refused)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(ConditionFailedException.class);
    assertThat(third.join().previous()).contains(new Version(1));
    assertThat(scenario.visible("key")).contains(2L);
  }

  @Test
  void a_refusal_that_rests_on_what_is_not_durable_is_told_when_it_is() {
    submit(putOf("key", "1"));
    List<Boolean> toldDuringForce = new ArrayList<>();
    CompletableFuture<WriteResult> refused =
        scenario.submit(putOf("key", "2").onlyIf(Condition.absent()));
    onForce(() -> {
      scenario.tell();
      toldDuringForce.add(refused.isDone());
    });

    finish();

    assertThat(toldDuringForce).containsExactly(false);
    assertThat(refused).isCompletedExceptionally();
    assertThat(scenario.pipeline().statistics()).isEqualTo(new CommitStatistics(1, 1, 1, 2));
  }

  @Test
  void a_refusal_that_rests_on_what_is_visible_is_told_without_a_force() {
    scenario.put("key", "1");
    long forces = scenario.pipeline().statistics().forces();

    assertThatExceptionOfType(ConditionFailedException.class)
        .isThrownBy(
            () -> scenario.write(putOf("key", "2").onlyIf(Condition.absent()), Durability.ALWAYS))
        .satisfies(e -> assertThat(e.current()).contains(new Version(1)));

    assertThat(scenario.pipeline().statistics()).isEqualTo(new CommitStatistics(1, 1, forces, 1));
  }

  @Test
  void a_key_that_was_put_deleted_and_put_again_at_once_has_its_last_value() throws IOException {
    CompletableFuture<WriteResult> first = scenario.submit(putOf("key", "1"));
    CompletableFuture<WriteResult> deleted = scenario.submit(deleteOf("key"));
    CompletableFuture<WriteResult> again = scenario.submit(putOf("key", "2"));
    CompletableFuture<WriteResult> last = scenario.submit(putOf("key", "3"));

    finish();

    assertThat(first.join().previous()).isEmpty();
    assertThat(deleted.join().previous()).contains(new Version(1));
    assertThat(again.join().previous()).isEmpty();
    assertThat(last.join().previous()).contains(new Version(3));
    assertThat(scenario.visible("key")).contains(4L);
    assertThat(scenario.pipeline().visibility().sequence()).isEqualTo(4);
  }

  @Test
  void a_key_that_was_put_and_deleted_at_once_is_absent() throws IOException {
    scenario.put("key", "0");
    submit(putOf("key", "1"));
    submit(deleteOf("key"));
    CompletableFuture<WriteResult> absent = scenario.submit(deleteOf("key"));

    finish();

    assertThat(absent.join()).isEqualTo(new WriteResult(Optional.empty(), Optional.empty()));
    assertThat(scenario.visible("key")).isEmpty();
    assertThat(scenario.log().activeSegment().liveBytes()).isZero();
  }

  @Test
  void what_is_overwritten_before_it_is_visible_is_dead_at_once() throws IOException {
    submit(putOf("key", "a value of some length"));
    submit(putOf("key", "1"));

    finish();

    assertThat(scenario.log().activeSegment().liveBytes()).isEqualTo(40);
    assertThat(scenario.log().activeSegment().liveValueBytes()).isEqualTo(1);
  }

  @Test
  void a_write_that_expired_before_it_was_visible_counts_as_absent() throws IOException {
    submit(putOf("key", "1").with(Expiry.after(Duration.ofSeconds(1))));
    CompletableFuture<WriteResult> next =
        scenario.submit(putOf("key", "2").onlyIf(Condition.absent()));
    on(OperationType.MAPPED_STORE, () -> scenario.clock().advance(Duration.ofSeconds(1)));

    finish();

    assertThat(next.join().previous()).isEmpty();
    assertThat(scenario.visible("key")).contains(2L);
  }

  @Test
  void an_expired_entry_counts_as_absent() {
    scenario.write(putOf("key", "1").with(Expiry.after(Duration.ofSeconds(1))), Durability.OS);
    scenario.clock().advance(Duration.ofSeconds(1));

    WriteResult result =
        scenario.write(putOf("key", "2").onlyIf(Condition.absent()), Durability.OS);

    assertThat(result.previous()).isEmpty();
  }

  @Test
  void a_batch_is_refused_as_a_whole_by_the_first_condition_that_does_not_hold()
      throws IOException {
    scenario.put("b", "1");

    assertThatExceptionOfType(ConditionFailedException.class)
        .isThrownBy(() ->
            scenario.write(
                putOf("a", "1"),
                putOf("b", "2").onlyIf(Condition.absent()),
                putOf("c", "3").onlyIf(Condition.present())))
        .satisfies(e -> assertThat(e.key().utf8()).isEqualTo("b"));

    assertThat(scenario.visible("a")).isEmpty();
    assertThat(scenario.visible("b")).contains(1L);
    assertThat(scenario.log().lastSequence()).isEqualTo(1);
  }

  @Test
  void the_records_of_a_batch_are_one_write_with_one_version() throws IOException {
    scenario.put("b", "1");

    BatchResult result = scenario.write(putOf("a", "1"), putOf("b", "2"), deleteOf("absent"));

    assertThat(result.version()).contains(new Version(2));
    assertThat(result.previous())
        .containsExactly(Optional.empty(), Optional.of(new Version(1)), Optional.empty());
    assertThat(scenario.visible("a")).contains(2L);
    assertThat(scenario.visible("b")).contains(2L);
    long from = 64 + 40 + 32; // Behind the first record and the word that it is durable.
    assertThat(scenario.log().activeSegment().head(from).continues()).isTrue();
    assertThat(scenario.log().activeSegment().head(from + 40).continues()).isFalse();
  }

  @Test
  void what_came_first_is_visible_first() throws IOException {
    submit(putOf("a", "1"));
    submit(putOf("b", "2"));
    List<String> seen = new ArrayList<>();
    onForce(() -> seen.add(scenario.visible("a") + " " + scenario.visible("b")));

    finish();

    assertThat(seen).containsExactly("Optional.empty Optional.empty");
    assertThat(scenario.visible("a")).contains(1L);
    assertThat(scenario.visible("b")).contains(2L);
    assertThat(scenario.pipeline().visibility().sequence()).isEqualTo(2);
  }

  private void submit(Mutation mutation) {
    submitted.add(scenario.submit(mutation));
  }

  private void finish() {
    scenario.pipeline().pump();
    scenario.tell();
    assertThat(submitted).allMatch(CompletableFuture::isDone);
  }

  private interface Look {
    void run() throws IOException;
  }

  private void onForce(Look look) {
    on(OperationType.MAPPED_FORCE, look);
  }

  private void on(OperationType type, Look look) {
    disk.listen(
        new DiskListener() {
          @Override
          public void before(Operation operation) throws IOException {
            if (operation.type() == type) {
              look.run();
            }
          }
        });
  }
}
