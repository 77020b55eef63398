package io.minikv.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The threads of an open store, apart from those of its callers.
 *
 * @param background finishes segments that have ended and makes those that follow; one task at a
 *     time
 * @param keyFiles writes what is derived from segments: key files and index snapshots; one task at
 *     a time
 * @param merges merges key files; one task at a time
 * @param transfers makes long values durable for callers that do not wait
 * @param completions runs what callers attached to the stages of their writes
 * @param commits whether a thread forces the log for callers that do not wait; without it they do
 *     so themselves
 * @param compacts whether a thread compacts the store when it is set to do so by itself
 * @param stop ends all that belong to the store when all that they were given is done
 */
record EngineThreads(
    Executor background,
    Executor keyFiles,
    Executor merges,
    Executor transfers,
    Executor completions,
    boolean commits,
    boolean compacts,
    Runnable stop) {

  /**
   * Everything runs on the caller's thread, so that a run can be repeated step by step. For one
   * caller at a time.
   */
  static final EngineThreads NONE =
      new EngineThreads(
          Runnable::run,
          Runnable::run,
          Runnable::run,
          Runnable::run,
          Runnable::run,
          false,
          false,
          () -> {});

  /**
   * As an application wants it: three platform threads for segments, one for each long value whose
   * writer does not wait, virtual threads for what callers attached.
   */
  static EngineThreads start() {
    ExecutorService background = singleThread("minikv-segments");
    ExecutorService keyFiles = singleThread("minikv-key-files");
    ExecutorService merges = singleThread("minikv-merges");
    ExecutorService transfers =
        Executors.newCachedThreadPool(
            Thread.ofPlatform().name("minikv-values-", 1).daemon().factory());
    Executor completions = task -> Thread.ofVirtual().name("minikv-completion").start(task);
    return new EngineThreads(
        background,
        keyFiles,
        merges,
        transfers,
        completions,
        true,
        true,
        () -> {
          finish(transfers);
          finish(background);
          finish(keyFiles);
          finish(merges);
        });
  }

  private static ExecutorService singleThread(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon().factory());
  }

  /**
   * Waits until all tasks are done. An interrupt of the caller must not cancel any: a segment would
   * stay without its end. The interrupt status is kept.
   */
  private static void finish(ExecutorService executor) {
    executor.shutdown();
    boolean interrupted = false;
    boolean finished = false;
    while (!finished) {
      try {
        finished = executor.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
