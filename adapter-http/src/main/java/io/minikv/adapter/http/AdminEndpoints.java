package io.minikv.adapter.http;

import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Running the store over HTTP. A compaction and a snapshot answer when they are done; a second
 * compaction meanwhile is refused, not queued. What takes as long as the store is large becomes a
 * job, whose state can be asked for.
 */
final class AdminEndpoints {

  /** What the path of a job begins with. */
  static final String JOB_PREFIX = "/admin/jobs/";

  private final StoreMaintenance maintenance;
  private final Jobs jobs;
  private final BackupPlace backups;
  private final InstantSource clock;
  private final Replies replies;
  private final ErrorBoundary boundary;
  private final AtomicBoolean compacting = new AtomicBoolean();

  AdminEndpoints(
      StoreMaintenance maintenance,
      BackupPlace backups,
      InstantSource clock,
      Replies replies,
      ErrorBoundary boundary) {
    this.maintenance = maintenance;
    this.jobs = new Jobs(clock);
    this.backups = backups;
    this.clock = clock;
    this.replies = replies;
    this.boundary = boundary;
  }

  void stats(HttpServerExchange exchange) {
    requireNoParameters(exchange);
    replies.json(exchange, StatusCodes.OK, StatisticsView.of(maintenance.statistics()));
  }

  void compact(HttpServerExchange exchange) {
    requireNoParameters(exchange);
    exchange.dispatch(boundary.around(this::compactNow));
  }

  private void compactNow(HttpServerExchange exchange) {
    if (!compacting.compareAndSet(false, true)) {
      throw new ProblemException(
          Problem.of(
              409,
              "compaction-running",
              "Compaction running",
              "A compaction is already running. Wait for its end."));
    }
    CompactionReport report;
    try {
      report = maintenance.compact(ProgressListener.NONE);
    } finally {
      compacting.set(false);
    }
    replies.json(exchange, StatusCodes.OK, CompactionView.of(report));
  }

  void snapshot(HttpServerExchange exchange) {
    requireNoParameters(exchange);
    exchange.dispatch(
        boundary.around(dispatched ->
            replies.json(
                dispatched, StatusCodes.OK, MaintenanceViews.Snapshot.of(maintenance.snapshot()))));
  }

  void verify(HttpServerExchange exchange) {
    requireNoParameters(exchange);
    accepted(
        exchange,
        jobs.start(
            "verification",
            listener -> MaintenanceViews.Verification.of(maintenance.verify(listener))));
  }

  void backup(HttpServerExchange exchange) {
    Query query = Query.parse(RequestContext.of(exchange).target(), Set.of("name"));
    String name = backups.name(query.text("name"), clock.instant());
    Path target = backups.path(name);
    accepted(
        exchange,
        jobs.start(
            "backup", _ -> MaintenanceViews.Backup.of(name, maintenance.checkpoint(target))));
  }

  void listJobs(HttpServerExchange exchange) {
    requireNoParameters(exchange);
    replies.json(exchange, StatusCodes.OK, jobs.all());
  }

  void job(HttpServerExchange exchange) {
    requireNoParameters(exchange);
    String id = RequestContext.of(exchange).target().path().substring(JOB_PREFIX.length());
    Jobs.JobView job =
        jobs.find(id)
            .orElseThrow(() ->
                new ProblemException(
                    Problem.of(
                        404,
                        "no-such-job",
                        "No such job",
                        "There is no such job, or it is forgotten by now.")));
    replies.json(exchange, StatusCodes.OK, job);
  }

  private void accepted(HttpServerExchange exchange, Jobs.JobView job) {
    exchange.getResponseHeaders().put(Headers.LOCATION, JOB_PREFIX + job.id());
    replies.json(exchange, StatusCodes.ACCEPTED, job);
  }

  private static void requireNoParameters(HttpServerExchange exchange) {
    Query.parse(RequestContext.of(exchange).target(), Set.of());
  }
}
