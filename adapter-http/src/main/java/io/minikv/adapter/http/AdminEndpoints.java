package io.minikv.adapter.http;

import io.minikv.domain.maintenance.CompactionReport;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Running the store over HTTP. A compaction answers when it is done; a second one meanwhile is
 * refused, not queued.
 */
final class AdminEndpoints {

  private final StoreMaintenance maintenance;
  private final Replies replies;
  private final ErrorBoundary boundary;
  private final AtomicBoolean compacting = new AtomicBoolean();

  AdminEndpoints(StoreMaintenance maintenance, Replies replies, ErrorBoundary boundary) {
    this.maintenance = maintenance;
    this.replies = replies;
    this.boundary = boundary;
  }

  void stats(HttpServerExchange exchange) {
    Query.parse(RequestContext.of(exchange).target(), Set.of());
    replies.json(exchange, StatusCodes.OK, StatisticsView.of(maintenance.statistics()));
  }

  void compact(HttpServerExchange exchange) {
    Query.parse(RequestContext.of(exchange).target(), Set.of());
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
}
