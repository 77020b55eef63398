package io.minikv.adapter.http;

import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.domain.maintenance.StoreStatistics;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.util.List;

/** {@code /metrics}: the figures of the predecessors, as JSON. */
final class MetricsEndpoint {

  private static final double BYTES_PER_MB = 1 << 20;
  private static final List<String> OFFERED = List.of(Replies.JSON_TYPE);

  private final StoreMaintenance maintenance;
  private final String volumeId;
  private final Uptime uptime;
  private final Replies replies;

  private record MetricsView(
      long totalKeys,
      int totalSegments,
      long totalBytes,
      double totalMb,
      long activeSegmentId,
      long oldestSegmentId,
      String volumeId,
      long uptimeSecs,
      double avgValueSizeBytes) {}

  MetricsEndpoint(StoreMaintenance maintenance, String volumeId, Uptime uptime, Replies replies) {
    this.maintenance = maintenance;
    this.volumeId = volumeId;
    this.uptime = uptime;
    this.replies = replies;
  }

  void metrics(HttpServerExchange exchange) {
    if (MediaTypes.choose(exchange.getRequestHeaders().get(Headers.ACCEPT), OFFERED).isEmpty()) {
      throw new ProblemException(
          Problem.of(
              406,
              "not-acceptable",
              "Not acceptable",
              "The metrics are offered as " + Replies.JSON_TYPE + "."));
    }
    replies.json(exchange, StatusCodes.OK, view(maintenance.statistics()));
  }

  private MetricsView view(StoreStatistics statistics) {
    List<SegmentStatistics> segments = statistics.segments();
    long keys = statistics.keys();
    return new MetricsView(
        keys,
        segments.size(),
        statistics.diskBytes(),
        statistics.diskBytes() / BYTES_PER_MB,
        segments.stream()
            .filter(SegmentStatistics::active)
            .mapToLong(SegmentStatistics::number)
            .max()
            .orElse(0),
        segments.stream().mapToLong(SegmentStatistics::number).min().orElse(0),
        volumeId,
        uptime.seconds(),
        keys == 0 ? 0 : (double) statistics.liveValueBytes() / keys);
  }
}
