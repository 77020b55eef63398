package io.minikv.adapter.http;

import io.minikv.domain.maintenance.SegmentStatistics;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.domain.maintenance.StoreStatistics;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * {@code /metrics}: the figures of the predecessors as JSON; for those who ask for it by {@code
 * Accept}, as scrapers do, all metrics in the text format of Prometheus (0.0.4) or as OpenMetrics
 * (1.0). Versions in {@code Accept} do not decide: a scraper that wants another version of its
 * format is told by {@code Content-Type} which one it gets.
 */
final class MetricsEndpoint {

  private static final String OPEN_METRICS_TYPE = "application/openmetrics-text";
  private static final String PROMETHEUS_TYPE = "text/plain";
  private static final List<String> OFFERED =
      List.of(Replies.JSON_TYPE, OPEN_METRICS_TYPE, PROMETHEUS_TYPE);
  private static final double BYTES_PER_MB = 1 << 20;

  private final StoreMaintenance maintenance;
  private final PrometheusRegistry registry;
  private final String volumeId;
  private final Uptime uptime;
  private final Replies replies;
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();
  private final ExpositionFormatWriter prometheus = PrometheusTextFormatWriter.create();

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

  MetricsEndpoint(
      StoreMaintenance maintenance,
      PrometheusRegistry registry,
      String volumeId,
      Uptime uptime,
      Replies replies) {
    this.maintenance = maintenance;
    this.registry = registry;
    this.volumeId = volumeId;
    this.uptime = uptime;
    this.replies = replies;
  }

  void metrics(HttpServerExchange exchange) {
    String type =
        MediaTypes.choose(exchange.getRequestHeaders().get(Headers.ACCEPT), OFFERED)
            .orElseThrow(MetricsEndpoint::notAcceptable);
    exchange.getResponseHeaders().put(Headers.VARY, Headers.ACCEPT_STRING);
    switch (type) {
      case OPEN_METRICS_TYPE -> text(exchange, openMetrics);
      case PROMETHEUS_TYPE -> text(exchange, prometheus);
      default -> replies.json(exchange, StatusCodes.OK, view(maintenance.statistics()));
    }
  }

  private void text(HttpServerExchange exchange, ExpositionFormatWriter writer) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      writer.write(text, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("Memory cannot fail to be written.", e);
    }
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, writer.getContentType());
    replies.send(exchange, StatusCodes.OK, ByteBuffer.wrap(text.toByteArray()));
  }

  private static ProblemException notAcceptable() {
    return new ProblemException(
        Problem.of(
            406,
            "not-acceptable",
            "Not acceptable",
            "The metrics are offered as " + String.join(", ", OFFERED) + "."));
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
