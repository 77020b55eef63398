package io.minikv.app;

import static io.minikv.app.RegisterCall.ABSENT;
import static io.minikv.app.RegisterCall.Anything.ANYTHING;
import static io.minikv.app.RegisterCall.Anything.NOTHING;
import static io.minikv.app.RegisterCall.Anything.SOMETHING;
import static io.minikv.app.RegisterCall.NEVER;
import static io.minikv.app.RegisterCall.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.app.RegisterCall.Effect;
import io.minikv.app.RegisterCall.Exactly;
import io.minikv.app.RegisterCall.LostWrite;
import io.minikv.app.RegisterCall.Read;
import io.minikv.app.RegisterCall.Refused;
import io.minikv.app.RegisterCall.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The checker of histories accepts what can have happened, and nothing else. */
class LinearizabilityTest {

  private static final Effect CREATE_1 = new Write(NOTHING, 1);
  private static final Effect PUT_2 = new Write(ANYTHING, 2);
  private static final Effect DELETE = new Write(ANYTHING, ABSENT);

  // ---- what can have happened

  @Test
  void one_after_the_other() {
    assertThat(
            isLinearizable(
                call(0, 1, new Read(ABSENT)),
                call(2, 3, CREATE_1),
                call(4, 5, new Read(1)),
                call(6, 7, new Write(new Exactly(1), 2)),
                call(8, 9, new Refused(new Exactly(1), 2)),
                call(10, 11, DELETE),
                call(12, 13, new Refused(SOMETHING, ABSENT))))
        .isTrue();
  }

  @Test
  void a_read_beside_a_write_finds_what_was_before_or_what_is_after() {
    assertThat(isLinearizable(call(0, 1, CREATE_1), call(2, 9, PUT_2), call(3, 4, new Read(1))))
        .isTrue();
    assertThat(isLinearizable(call(0, 1, CREATE_1), call(2, 9, PUT_2), call(3, 4, new Read(2))))
        .isTrue();
  }

  @Test
  void writes_beside_each_other_in_either_order() {
    Effect three = new Write(SOMETHING, 3);
    assertThat(isLinearizable(call(0, 9, three), call(1, 8, CREATE_1), call(10, 11, new Read(3))))
        .isTrue();
  }

  @Test
  void a_write_without_an_answer_that_is_found_later() {
    assertThat(
            isLinearizable(
                call(0, 1, CREATE_1),
                call(2, NEVER, PUT_2),
                call(3, 4, new Read(1)),
                call(5, 6, new Read(2))))
        .isTrue();
  }

  @Test
  void a_write_without_an_answer_that_did_not_happen() {
    assertThat(
            isLinearizable(
                call(0, 1, CREATE_1),
                call(2, NEVER, new LostWrite(ANYTHING, -1)),
                call(3, 4, new Write(new Exactly(1), 3)),
                call(5, 6, new Read(3))))
        .isTrue();
  }

  @Test
  void a_write_that_nobody_saw_explains_why_another_was_not_first() {
    assertThat(
            isLinearizable(
                call(0, NEVER, new LostWrite(ANYTHING, -1)), call(1, 2, new Write(SOMETHING, 3))))
        .isTrue();
  }

  @Test
  void a_refusal_because_of_a_write_without_an_answer() {
    assertThat(
            isLinearizable(
                call(0, NEVER, new LostWrite(ANYTHING, -1)),
                call(1, 2, new Refused(NOTHING, UNKNOWN))))
        .isTrue();
  }

  // ---- what cannot have happened

  @Test
  void a_stale_read_is_rejected() {
    assertThat(isLinearizable(call(0, 1, CREATE_1), call(2, 3, PUT_2), call(4, 5, new Read(1))))
        .isFalse();
  }

  @Test
  void a_read_of_a_later_write_is_rejected() {
    assertThat(isLinearizable(call(0, 1, new Read(2)), call(2, 3, PUT_2))).isFalse();
  }

  @Test
  void reads_that_go_back_beside_a_write_are_rejected() {
    assertThat(
            isLinearizable(
                call(0, 1, CREATE_1),
                call(2, 9, PUT_2),
                call(3, 4, new Read(2)),
                call(5, 6, new Read(1))))
        .isFalse();
  }

  @Test
  void a_lost_update_is_rejected() {
    assertThat(isLinearizable(call(0, 1, CREATE_1), call(2, 3, new Read(ABSENT)))).isFalse();
    assertThat(
            isLinearizable(
                call(0, 1, CREATE_1), call(2, 9, PUT_2), call(3, 8, new Write(NOTHING, 3))))
        .isFalse();
  }

  @Test
  void two_successes_of_compare_and_set_on_one_version_are_rejected() {
    assertThat(
            isLinearizable(
                call(0, 1, CREATE_1),
                call(2, 9, new Write(new Exactly(1), 2)),
                call(3, 8, new Write(new Exactly(1), 3))))
        .isFalse();
  }

  @Test
  void two_creations_beside_each_other_are_rejected() {
    assertThat(isLinearizable(call(0, 9, CREATE_1), call(1, 8, new Write(NOTHING, 2)))).isFalse();
  }

  @Test
  void a_refusal_without_a_reason_is_rejected() {
    assertThat(isLinearizable(call(0, 1, CREATE_1), call(2, 3, new Refused(new Exactly(1), 1))))
        .isFalse();
    assertThat(isLinearizable(call(0, 1, CREATE_1), call(2, 3, new Refused(NOTHING, 2)))).isFalse();
  }

  @Test
  void a_deleted_key_that_is_back_is_rejected() {
    assertThat(isLinearizable(call(0, 1, CREATE_1), call(2, 3, DELETE), call(4, 5, new Read(1))))
        .isFalse();
    assertThat(
            isLinearizable(
                call(0, 1, CREATE_1),
                call(2, NEVER, DELETE),
                call(3, 4, new Read(ABSENT)),
                call(5, 6, new Read(1))))
        .isFalse();
  }

  @Test
  void a_version_that_does_not_rise_is_rejected() {
    assertThat(isLinearizable(call(0, 1, PUT_2), call(2, 3, new Write(SOMETHING, 1)))).isFalse();
  }

  // ---- at large

  @Test
  void long_histories_of_a_real_register_are_accepted_and_one_wrong_answer_in_them_is_not() {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<RegisterCall> calls = historyOfRegister(random);
      assertThat(Linearizability.isGivenBy(calls)).as("seed %d", seed).isTrue();

      int wrong = random.nextInt(calls.size());
      RegisterCall right = calls.get(wrong);
      calls.set(
          wrong,
          new RegisterCall(new Read(Long.MAX_VALUE), right.invokedNanos(), right.returnedNanos()));
      assertThat(Linearizability.isGivenBy(calls)).as("seed %d", seed).isFalse();
    }
  }

  /** Calls that happen one after the other, but overlap each other widely. */
  private static List<RegisterCall> historyOfRegister(Random random) {
    List<RegisterCall> calls = new ArrayList<>();
    long state = ABSENT;
    for (int i = 1; i <= 300; i++) {
      Effect effect =
          switch (random.nextInt(4)) {
            case 0 -> new Write(state == ABSENT ? NOTHING : SOMETHING, i);
            case 1 -> DELETE;
            case 2 -> new Write(new Exactly(state), i);
            default -> new Read(state);
          };
      state = effect.after(state).orElseThrow();
      calls.add(call(100L * i - random.nextInt(400), 100L * i + random.nextInt(400), effect));
    }
    Collections.shuffle(calls, random);
    return calls;
  }

  private static RegisterCall call(long invoked, long returned, Effect effect) {
    return new RegisterCall(effect, invoked, returned);
  }

  private static boolean isLinearizable(RegisterCall... calls) {
    return Linearizability.isGivenBy(List.of(calls));
  }
}
