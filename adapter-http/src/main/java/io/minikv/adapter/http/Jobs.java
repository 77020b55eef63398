package io.minikv.adapter.http;

import io.minikv.domain.StoreException;
import io.minikv.domain.maintenance.ProgressListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work on the store that takes longer than a request may: each on a thread of its own, and of each
 * kind one at a time. The last {@value #KEPT} that ended are remembered.
 *
 * <p>A job that runs when the store is closed ends with that. Thread-safe.
 */
final class Jobs {

  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final int KEPT = 100;

  private final InstantSource clock;

  // Guarded by this.
  private final TreeMap<Long, Job> jobs = new TreeMap<>();
  private long lastId;

  Jobs(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * A job as JSON.
   *
   * @param status running, done or failed
   * @param result what the work gave, when it is done
   * @param problem why it failed, when it did
   */
  record JobView(
      String id,
      String kind,
      String status,
      String startedAt,
      @Nullable String endedAt,
      long doneBytes,
      long totalBytes,
      @Nullable Object result,
      @Nullable String problem) {}

  /**
   * Starts a job.
   *
   * @param work gets who is to be told of its progress, and gives the result as JSON
   * @throws ProblemException when one of the kind is running
   */
  synchronized JobView start(String kind, Function<ProgressListener, Object> work) {
    for (Job job : jobs.values()) {
      if (job.isRunning() && job.kind.equals(kind)) {
        throw new ProblemException(
            Problem.of(
                409,
                kind + "-running",
                "Already running",
                "A " + kind + " is already running: see /admin/jobs/" + job.id + "."));
      }
    }
    Job job = new Job(++lastId, kind, clock.instant());
    jobs.put(job.id, job);
    forgetOldest();
    Thread.ofPlatform().daemon().name("minikv-job-" + job.id).start(() -> run(job, work));
    return job.view();
  }

  private void forgetOldest() {
    if (jobs.size() > KEPT) {
      jobs.values().stream()
          .filter(job -> !job.isRunning())
          .findFirst()
          .ifPresent(job -> jobs.remove(job.id));
    }
  }

  private void run(Job job, Function<ProgressListener, Object> work) {
    try {
      Object result = work.apply(job::progress);
      job.end("done", clock.instant(), result, null);
    } catch (StoreException e) {
      job.end("failed", clock.instant(), null, e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("The job {} failed unexpectedly.", job.id, e);
      job.end(
          "failed",
          clock.instant(),
          null,
          "Something unexpected went wrong. The log has it under the job " + job.id + ".");
    }
  }

  /** All that are remembered, the last one first. */
  synchronized List<JobView> all() {
    return new ArrayList<>(jobs.descendingMap().values()).stream().map(Job::view).toList();
  }

  /** One of them. */
  synchronized Optional<JobView> find(String id) {
    return jobs.values().stream()
        .filter(job -> Long.toString(job.id).equals(id))
        .map(Job::view)
        .findFirst();
  }

  /** One piece of work. Its monitor guards what changes. */
  private static final class Job {

    private final long id;
    private final String kind;
    private final Instant startedAt;
    private String status = "running";
    private @Nullable Instant endedAt;
    private long doneBytes;
    private long totalBytes;
    private @Nullable Object result;
    private @Nullable String problem;

    Job(long id, String kind, Instant startedAt) {
      this.id = id;
      this.kind = kind;
      this.startedAt = startedAt;
    }

    synchronized boolean isRunning() {
      return endedAt == null;
    }

    synchronized void progress(long newDoneBytes, long newTotalBytes) {
      doneBytes = newDoneBytes;
      totalBytes = newTotalBytes;
    }

    synchronized void end(
        String newStatus, Instant now, @Nullable Object newResult, @Nullable String newProblem) {
      status = newStatus;
      endedAt = now;
      result = newResult;
      problem = newProblem;
    }

    synchronized JobView view() {
      return new JobView(
          Long.toString(id),
          kind,
          status,
          startedAt.toString(),
          endedAt == null ? null : endedAt.toString(),
          doneBytes,
          totalBytes,
          result,
          problem);
    }
  }
}
