package io.minikv.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Runs the same task on several threads at once. */
final class Together {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Together() {}

  /** A task of one thread. */
  @FunctionalInterface
  interface Task {
    /**
     * Runs it.
     *
     * @param index which of the threads this is, from 0 on
     */
    void run(int index) throws Exception;
  }

  /** Runs a task on so many threads, which begin together, and fails when one of them did. */
  static void run(int threads, Task task) throws InterruptedException {
    join(start(threads, task));
  }

  /** Begins a task on so many threads. They end in {@link #join}. */
  static List<Runner> start(int threads, Task task) {
    CountDownLatch begin = new CountDownLatch(1);
    List<Runner> runners = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      runners.add(new Runner(i, task, begin));
    }
    runners.forEach(Thread::start);
    begin.countDown();
    return runners;
  }

  /** Waits for threads and fails when one of them did, or does not end. */
  static void join(List<Runner> runners) throws InterruptedException {
    for (Runner runner : runners) {
      assertThat(runner.join(PATIENCE)).as("%s ended in time", runner.getName()).isTrue();
    }
    List<Throwable> failures =
        runners.stream().flatMap(runner -> runner.failures.stream()).toList();
    if (!failures.isEmpty()) {
      AssertionError first = new AssertionError("A thread failed.", failures.getFirst());
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /** Waits until a condition holds, and fails when it does not in time. */
  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting until %s", what).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }

  /** A thread that keeps what it failed with. */
  static final class Runner extends Thread {
    private final int index;
    private final Task task;
    private final CountDownLatch begin;
    private final List<Throwable> failures = new ArrayList<>();

    private Runner(int index, Task task, CountDownLatch begin) {
      super("contract-" + index);
      this.index = index;
      this.task = task;
      this.begin = begin;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        begin.await();
        task.run(index);
      } catch (Throwable failure) {
        failures.add(failure);
      }
    }
  }
}
