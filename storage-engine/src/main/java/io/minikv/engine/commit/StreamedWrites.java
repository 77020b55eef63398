package io.minikv.engine.commit;

import io.minikv.domain.Mutation;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.ValueWriter;
import io.minikv.engine.segment.SegmentDirectory;
import io.minikv.engine.values.StagedFile;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * Begins puts whose values come in pieces. A short one is collected in memory and put as any other;
 * a long one goes to a file of its own, outside of any lock, and is published by one small record.
 *
 * <p>Thread-safe.
 */
public final class StreamedWrites {

  private final CommitPipeline pipeline;
  private final SegmentDirectory directory;
  private final ValueFiles values;
  private final WriteEncoding encoding;
  private final StoreLimits limits;
  private final long mostInLogBytes;
  private final InstantSource clock;
  private final Executor transfers;
  private final Executor completions;

  /**
   * For a store.
   *
   * @param mostInLogBytes the greatest length of a value that is put in the log
   * @param transfers completes files for callers that do not wait
   * @param completions runs what callers attached to their stages
   */
  public StreamedWrites(
      CommitPipeline pipeline,
      SegmentDirectory directory,
      ValueFiles values,
      WriteEncoding encoding,
      StoreLimits limits,
      long mostInLogBytes,
      InstantSource clock,
      Executor transfers,
      Executor completions) {
    this.pipeline = pipeline;
    this.directory = directory;
    this.values = values;
    this.encoding = encoding;
    this.limits = limits;
    this.mostInLogBytes = mostInLogBytes;
    this.clock = clock;
    this.transfers = transfers;
    this.completions = completions;
  }

  /** See {@link io.minikv.domain.KeyValueStore#openWriter}; the value of the put is to come. */
  public ValueWriter open(Mutation.Put put) {
    pipeline.checkTakesWrites();
    return new StreamedWrite(this, put);
  }

  CommitPipeline pipeline() {
    return pipeline;
  }

  WriteEncoding encoding() {
    return encoding;
  }

  StoreLimits limits() {
    return limits;
  }

  long mostInLogBytes() {
    return mostInLogBytes;
  }

  Executor transfers() {
    return transfers;
  }

  Executor completions() {
    return completions;
  }

  StagedFile stage(Mutation.Put put) throws IOException {
    return values.stage(put.key(), directory::takeFileNumber, clock.millis());
  }

  void keep(StagedFile file) {
    values.keep(file);
  }

  void abort(StagedFile file) {
    values.abort(file);
  }

  /** Ends all that was not committed. */
  public void close() {
    values.close();
  }
}
