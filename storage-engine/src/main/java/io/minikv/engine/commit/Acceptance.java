package io.minikv.engine.commit;

import io.minikv.engine.io.DiskFullException;
import io.minikv.engine.segment.Log;
import io.minikv.engine.segment.LogFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of writes when they are accepted, when the log is durable, and when it fails.
 * Everything here is called under the lock of the writers; the answers are told without it.
 */
final class Acceptance {

  private final Log log;
  private final WriteSequencer sequencer;
  private final PipelineState state;
  private final WriteQueue queue;
  private final Answers answers;
  private final CommitCounters counters;
  private final Waker waker;

  Acceptance(
      Log log,
      WriteSequencer sequencer,
      PipelineState state,
      WriteQueue queue,
      Answers answers,
      CommitCounters counters,
      Waker waker) {
    this.log = log;
    this.sequencer = sequencer;
    this.state = state;
    this.queue = queue;
    this.answers = answers;
    this.counters = counters;
    this.waker = waker;
  }

  /** Accepts what is queued, up to a write that was queued too late to be looked up ahead. */
  void acceptQueued() {
    for (PendingWrite<?> write = queue.pollLookedUp();
        write != null;
        write = queue.pollLookedUp()) {
      accept(write);
    }
  }

  /** Decides and appends a write, or refuses it. */
  void accept(PendingWrite<?> write) {
    Throwable failed = state.failure();
    if (failed != null) {
      answers.refuse(write, CommitErrors.failed(failed));
      return;
    }
    try {
      boolean done = sequencer.accept(write);
      if (log.hasMuchUnforced()) {
        waker.wake(); // So that the end of the segment finds little that is left to force.
      }
      if (!write.mayUseReserve()) { // A write that may tells nothing of the others.
        state.setDiskFull(false);
      }
      failed = state.failure();
      if (done) {
        counters.countWrite(write);
        answers.add(write);
      } else if (failed != null) {
        breakDown(failed); // The log failed behind this write, in what was done for the next one.
      } else {
        publishReady();
      }
    } catch (DiskFullException e) {
      state.setDiskFull(true);
      answers.refuse(write, CommitErrors.full(e));
      publishReady(); // The log may have gone on in a new segment, which made all before durable.
    } catch (LogFailedException e) {
      breakDown(e);
      answers.refuse(write, CommitErrors.outcomeUnknown(e));
    } catch (IOException e) {
      acceptFailed(write, e);
    } catch (RuntimeException | OutOfMemoryError e) {
      breakDown(e);
      answers.refuse(write, CommitErrors.outcomeUnknown(e));
    }
  }

  /** Something could not be read: before anything was appended that concerns this write alone. */
  private void acceptFailed(PendingWrite<?> write, IOException cause) {
    if (write.hasWritten()) {
      breakDown(cause);
      answers.refuse(write, CommitErrors.outcomeUnknown(cause));
    } else {
      answers.refuse(write, CommitErrors.unreadable(cause));
    }
  }

  /** Makes visible what is durable enough; returns how many writes that were. */
  int publishReady() {
    List<PendingWrite<?>> published = new ArrayList<>();
    try {
      sequencer.publishReady(published);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      breakDown(e);
    }
    for (PendingWrite<?> write : published) {
      counters.countWrite(write);
      answers.add(write);
    }
    return published.size();
  }

  /** The log must not be written any more; all that is not visible ends with an unknown outcome. */
  void breakDown(Throwable cause) {
    state.fail(cause);
    List<PendingWrite<?>> abandoned = new ArrayList<>();
    sequencer.abandon(abandoned);
    for (PendingWrite<?> write : abandoned) {
      answers.refuse(write, CommitErrors.outcomeUnknown(cause));
    }
  }
}
