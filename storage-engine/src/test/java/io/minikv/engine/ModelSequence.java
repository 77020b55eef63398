package io.minikv.engine;

import io.minikv.domain.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Steps for a store and for a model of it, which must agree on every answer. Each step has random
 * numbers of its own, so that a sequence that fails can be made shorter and still fails.
 *
 * @param seed chooses the options of the store
 */
record ModelSequence(long seed, List<Step> steps) {

  private static final List<Durability> DURABILITIES = List.of(Durability.values());

  /** What happens in a step, and how often. */
  enum Action {
    PUT(60),
    DELETE(20),
    CONDITIONAL_WRITE(20),
    BATCH(15),
    STREAM(6),
    GET(24),
    SCAN(20),
    COUNT(8),
    PASS_TIME(10),
    FLUSH(3),
    COMPACT(2),
    BRING_INTO_ORDER(1),
    SNAPSHOT(1),
    CHECKPOINT(1),
    REOPEN(1),
    KILL(1),
    CUT_POWER(1);

    private static final List<Action> BY_FREQUENCY =
        Stream.of(values())
            .flatMap(action -> Stream.generate(() -> action).limit(action.frequency))
            .toList();

    private final int frequency;

    Action(int frequency) {
      this.frequency = frequency;
    }

    static Action random(Random random) {
      return BY_FREQUENCY.get(random.nextInt(BY_FREQUENCY.size()));
    }
  }

  /** One step. */
  record Step(Action action, long seed) {

    @Override
    public String toString() {
      return action + "#" + Long.toHexString(seed);
    }
  }

  /**
   * Where store and model disagreed.
   *
   * @param step the index of the step
   */
  record Failure(int step, Throwable cause) {}

  static ModelSequence random(long seed, int length) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    return new ModelSequence(
        seed,
        Stream.generate(() -> new Step(Action.random(random), random.nextLong()))
            .limit(length)
            .toList());
  }

  /**
   * Runs it.
   *
   * @throws AssertionError when store and model disagree, with the seed and a shorter sequence that
   *     shows it too
   */
  void run(ModelledStore.PowerCut powerCut) {
    Optional<Failure> failure = attempt(powerCut);
    if (failure.isPresent()) {
      ModelSequence shorter = upTo(failure.get()).shrink(powerCut);
      throw new AssertionError(
          "-Dminikv.test.seed=%d, step %d: %s; shrunk to %s"
              .formatted(seed, failure.get().step(), failure.get().cause(), shorter.describe()),
          failure.get().cause());
    }
  }

  private Optional<Failure> attempt(ModelledStore.PowerCut powerCut) {
    int step = 0;
    try (ModelledStore store = new ModelledStore(scenario(), powerCut)) {
      for (; step < steps.size(); step++) {
        store.perform(steps.get(step));
      }
      store.finish();
      return Optional.empty();
    } catch (AssertionError | RuntimeException e) {
      return Optional.of(new Failure(step, e));
    }
  }

  private CrashScenario scenario() {
    int choice = Math.floorMod(seed, 2 * DURABILITIES.size());
    return new CrashScenario(seed, DURABILITIES.get(choice / 2), choice % 2 == 0);
  }

  private ModelSequence upTo(Failure failure) {
    return new ModelSequence(seed, steps.subList(0, Math.min(failure.step() + 1, steps.size())));
  }

  /** The same without steps that it fails without: first without many at once, then without one. */
  private ModelSequence shrink(ModelledStore.PowerCut powerCut) {
    ModelSequence shortest = this;
    for (int size = steps.size() / 2; size > 0; size /= 2) {
      for (int from = shortest.steps.size() - size; from >= 0; from -= size) {
        ModelSequence shorter = shortest.without(from, from + size);
        Optional<Failure> failure = shorter.attempt(powerCut);
        shortest = failure.map(shorter::upTo).orElse(shortest);
        from = Math.min(from, shortest.steps.size());
      }
    }
    return shortest;
  }

  private ModelSequence without(int from, int to) {
    List<Step> rest = new ArrayList<>(steps);
    rest.subList(from, to).clear();
    return new ModelSequence(seed, rest);
  }

  private String describe() {
    return "%d steps: %s"
        .formatted(
            steps.size(), steps.stream().map(Step::toString).collect(Collectors.joining(" ")));
  }
}
