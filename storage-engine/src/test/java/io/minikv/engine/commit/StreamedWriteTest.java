package io.minikv.engine.commit;

import static io.minikv.engine.commit.PipelineScenario.putOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Condition;
import io.minikv.domain.ConditionFailedException;
import io.minikv.domain.Durability;
import io.minikv.domain.LimitExceededException;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.NotWritableException.Reason;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.Version;
import io.minikv.domain.WriteResult;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** A value that comes in pieces: where they go, and what becomes of them when something fails. */
class StreamedWriteTest {

  private static final int MOST_IN_LOG = 100;
  private static final int LONGEST = 200_000;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final Queue<Runnable> transfers = new ArrayDeque<>();
  private final PipelineScenario scenario;
  private final StreamedWrites writes;

  StreamedWriteTest() throws IOException {
    scenario = new PipelineScenario(disk, Durability.ALWAYS, 1 << 20);
    StoreLimits limits = new StoreLimits(LONGEST, 10, LONGEST);
    writes = scenario.streamed(limits, MOST_IN_LOG, transfers::add);
  }

  // ---- pieces

  @Test
  void the_pieces_of_a_short_value_make_one_record_of_the_log() throws IOException {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, MOST_IN_LOG - 1);
    write(writer, 1);
    assertThat(writer.length()).isEqualTo(MOST_IN_LOG);

    WriteResult result = writer.commit(Durability.OS);

    assertThat(result.version()).contains(new Version(1));
    assertThat(valueFiles()).isEmpty();
    assertThat(scenario.valueLength("key")).isEqualTo(MOST_IN_LOG);
  }

  @Test
  void one_byte_more_makes_a_file_of_all_pieces() throws IOException {
    byte[] value = new byte[MOST_IN_LOG + 1 + 70_000];
    new Random(7).nextBytes(value);
    ValueWriter writer = writes.open(putOf("key", ""));
    writer.write(ByteBuffer.wrap(value, 0, MOST_IN_LOG));
    assertThat(valueFiles()).isEmpty();
    writer.write(ByteBuffer.wrap(value, MOST_IN_LOG, 1));
    assertThat(writer.length()).isEqualTo(MOST_IN_LOG + 1);
    writer.write(ByteBuffer.wrap(value, MOST_IN_LOG + 1, 70_000));

    WriteResult result = writer.commit(Durability.OS);
    writer.close();

    assertThat(result.version()).contains(new Version(1));
    assertThat(valueFiles()).hasSize(1);
    assertThat(scenario.valueInFile("key")).isEqualTo(value);
    assertThat(scenario.log().appendedBytes()).isLessThan(100);
    assertThat(scenario.valueFilesOf(1)).hasSize(1);
  }

  @Test
  void a_value_of_the_greatest_length_is_taken_and_a_longer_one_ends_the_writer() {
    ValueWriter greatest = writes.open(putOf("key", ""));
    write(greatest, LONGEST);
    greatest.commit(Durability.OS);
    ValueWriter longer = writes.open(putOf("longer", ""));
    write(longer, LONGEST);

    assertThatExceptionOfType(LimitExceededException.class)
        .isThrownBy(() -> write(longer, 1))
        .withMessageContaining("value length")
        .withMessageContaining("200001")
        .withMessageContaining("200000");

    assertSpent(longer);
    assertThat(valueFiles()).hasSize(1);
  }

  @Test
  void a_writer_that_was_closed_or_committed_can_only_be_closed() {
    ValueWriter closed = writes.open(putOf("key", ""));
    write(closed, 10);
    closed.close();
    assertSpent(closed);
    closed.close();
    ValueWriter committed = writes.open(putOf("key", ""));
    committed.commit(Durability.OS);
    assertSpent(committed);
    committed.close();
    ValueWriter committedLater = writes.open(putOf("key", ""));
    assertThat(commitAsync(committedLater)).isNotDone();
    assertSpent(committedLater);

    assertThat(scenario.log().lastSequence()).isEqualTo(2);
  }

  @Test
  void closing_the_writer_and_the_store_after_the_commit_keeps_the_value() {
    try (ValueWriter writer = writes.open(putOf("key", ""))) {
      write(writer, 1_000);
      writer.commit(Durability.OS);
    }
    writes.close();

    assertThat(valueFiles()).hasSize(1);
  }

  // ---- failures

  @Test
  void a_full_disk_ends_the_writer_and_leaves_nothing() {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, 1_000);
    disk.setCapacity(1);

    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> write(writer, 100_000))
        .returns(Reason.DISK_FULL, NotWritableException::reason);

    assertSpent(writer);
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_value_that_could_not_be_written_can_be_sent_again() throws IOException {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, 1_000);
    disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, 1));

    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> write(writer, 100_000))
        .returns(Reason.DISK_FAILED, NotWritableException::reason)
        .withMessageMatching(
            "The value could not be written \\(injected: .*\\), and nothing was stored. Send it"
                + " again.");

    assertThat(scenario.pipeline().failure()).isNull();
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_commit_that_is_refused_leaves_nothing() {
    ValueWriter writer = writes.open(putOf("key", "").onlyIf(Condition.present()));
    write(writer, 1_000);

    assertThatExceptionOfType(ConditionFailedException.class)
        .isThrownBy(() -> writer.commit(Durability.OS));

    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_commit_that_cannot_make_the_file_durable_leaves_nothing() {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, 1_000);
    scenario.failAt(OperationType.FORCE);

    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> writer.commit(Durability.OS))
        .withMessageContaining("The value could not be written (injected)");

    assertThat(valueFiles()).isEmpty();
    assertThat(scenario.log().lastSequence()).isZero();
  }

  @Test
  void a_commit_whose_outcome_is_unknown_keeps_the_file_that_its_record_may_name() {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, 1_000);
    scenario.failAt(OperationType.MAPPED_FORCE);

    assertThatExceptionOfType(OutcomeUnknownException.class)
        .isThrownBy(() -> writer.commit(Durability.OS));
    writes.close();

    assertThat(valueFiles()).hasSize(1);
  }

  @Test
  void a_store_that_failed_or_is_closed_opens_no_writer() {
    scenario.pipeline().fail(new IOException("failed"));
    assertThatExceptionOfType(NotWritableException.class)
        .isThrownBy(() -> writes.open(putOf("key", "")));

    scenario.pipeline().drain();

    assertThatExceptionOfType(StoreClosedException.class)
        .isThrownBy(() -> writes.open(putOf("key", "")))
        .withMessage("The store is closed.");
  }

  @Test
  void a_store_that_is_closed_takes_no_piece() {
    ValueWriter writer = writes.open(putOf("key", ""));
    scenario.pipeline().drain();

    assertThatExceptionOfType(StoreClosedException.class)
        .isThrownBy(() -> write(writer, 1))
        .withMessage("The store is closed.");
  }

  @Test
  void closing_the_store_ends_what_was_not_committed() {
    write(writes.open(putOf("key", "")), 1_000);
    assertThat(valueFiles()).hasSize(1);

    writes.close();

    assertThat(valueFiles()).isEmpty();
  }

  // ---- commits that nobody waits for

  @Test
  void a_short_value_is_submitted_as_any_other() throws IOException {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, 10);

    CompletableFuture<WriteResult> commit = commitAsync(writer);
    scenario.tell();

    assertThat(commit).isCompleted();
    assertThat(scenario.valueLength("key")).isEqualTo(10);
    assertThat(transfers).isEmpty();
  }

  @Test
  void a_long_value_is_made_durable_elsewhere_and_told_elsewhere() throws IOException {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, 1_000);
    CompletableFuture<WriteResult> commit = commitAsync(writer);
    writer.close();
    assertThat(scenario.log().lastSequence()).isZero();

    transfers.remove().run();
    assertThat(commit).isNotDone();
    scenario.tell();

    assertThat(commit.join().version()).isPresent();
    writes.close();
    assertThat(valueFiles()).hasSize(1);
    assertThat(scenario.valueLength("key")).isEqualTo(1_000);
  }

  @Test
  void a_long_value_that_is_refused_leaves_nothing() {
    ValueWriter writer = writes.open(putOf("key", "").onlyIf(Condition.present()));
    write(writer, 1_000);
    CompletableFuture<WriteResult> commit = commitAsync(writer);

    transfers.remove().run();
    scenario.tell();

    assertFailedWith(commit, ConditionFailedException.class);
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_long_value_that_cannot_be_made_durable_leaves_nothing() {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, 1_000);
    CompletableFuture<WriteResult> commit = commitAsync(writer);
    scenario.failAt(OperationType.FORCE);

    transfers.remove().run();
    assertThat(commit).isNotDone();
    scenario.tell();

    assertFailedWith(commit, NotWritableException.class);
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_long_value_whose_outcome_is_unknown_stays() {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, 1_000);
    CompletableFuture<WriteResult> commit = commitAsync(writer);
    scenario.failAt(OperationType.MAPPED_FORCE);

    transfers.remove().run();
    scenario.tell();

    assertFailedWith(commit, OutcomeUnknownException.class);
    assertThat(valueFiles()).hasSize(1);
  }

  @Test
  void a_long_value_that_the_closing_store_overtakes_is_told_so() {
    ValueWriter writer = writes.open(putOf("key", ""));
    write(writer, 1_000);
    CompletableFuture<WriteResult> commit = commitAsync(writer);
    writes.close();

    transfers.remove().run();
    scenario.tell();

    assertFailedWith(commit, StoreClosedException.class);
    assertThat(valueFiles()).isEmpty();
  }

  @Test
  void a_commit_that_comes_when_the_threads_of_the_store_have_ended_is_told_so() {
    StreamedWrites ended =
        scenario.streamed(
            new StoreLimits(LONGEST, 10, LONGEST),
            MOST_IN_LOG,
            task -> {
              throw new RejectedExecutionException();
            });
    ValueWriter writer = ended.open(putOf("key", ""));
    write(writer, 1_000);

    assertFailedWith(commitAsync(writer), StoreClosedException.class);
  }

  private static void write(ValueWriter writer, int length) {
    writer.write(ByteBuffer.allocate(length));
  }

  private static CompletableFuture<WriteResult> commitAsync(ValueWriter writer) {
    return writer.commitAsync(Durability.OS).toCompletableFuture();
  }

  private static void assertSpent(ValueWriter writer) {
    String message =
        "The writer was closed or committed, or failed: it can only be closed. Open another one.";
    assertThatExceptionOfType(StoreClosedException.class)
        .isThrownBy(() -> write(writer, 1))
        .withMessage(message);
    assertThatExceptionOfType(StoreClosedException.class)
        .isThrownBy(() -> writer.commit(Durability.OS))
        .withMessage(message);
    assertFailedWith(commitAsync(writer), StoreClosedException.class);
  }

  private static void assertFailedWith(
      CompletableFuture<?> write, Class<? extends Throwable> reason) {
    assertThat(write).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(reason);
  }

  private List<String> valueFiles() {
    return disk.processKill().names().stream().filter(name -> name.endsWith(".val")).toList();
  }
}
