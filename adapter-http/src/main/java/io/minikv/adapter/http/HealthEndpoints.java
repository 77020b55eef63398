package io.minikv.adapter.http;

import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.domain.maintenance.StoreStatistics;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the server can do its work. {@code /health} tells it to people and monitors, with 200 as
 * long as reads are served; {@code /health/ready} tells load balancers whether to send requests;
 * {@code /health/live} tells supervisors not to restart a process for what a restart does not cure.
 */
final class HealthEndpoints {

  private static final double BYTES_PER_MB = 1 << 20;

  private final StoreMaintenance maintenance;
  private final String volumeId;
  private final Uptime uptime;
  private final RequestGate gate;
  private final Replies replies;

  HealthEndpoints(
      StoreMaintenance maintenance,
      String volumeId,
      Uptime uptime,
      RequestGate gate,
      Replies replies) {
    this.maintenance = maintenance;
    this.volumeId = volumeId;
    this.uptime = uptime;
    this.gate = gate;
    this.replies = replies;
  }

  void health(HttpServerExchange exchange) {
    StoreHealth health = maintenance.health();
    StoreStatistics statistics = maintenance.statistics();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("status", status(health));
    view.put("volume_id", volumeId);
    view.put("keys", statistics.keys());
    view.put("segments", statistics.segments().size());
    view.put("total_mb", statistics.diskBytes() / BYTES_PER_MB);
    view.put("uptime_secs", uptime.seconds());
    List<String> reasons = reasons(health);
    if (!reasons.isEmpty()) {
      view.put("reasons", reasons);
    }
    replies.json(
        exchange, health.readable() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE, view);
  }

  void live(HttpServerExchange exchange) {
    replies.json(exchange, StatusCodes.OK, Map.of("status", "live"));
  }

  void ready(HttpServerExchange exchange) {
    StoreHealth health = maintenance.health();
    if (health.readable() && health.writable() && !gate.isClosed()) {
      replies.json(exchange, StatusCodes.OK, Map.of("status", "ready"));
      return;
    }
    throw new ProblemException(
        Problem.of(503, "not-ready", "Not ready", String.join(" ", reasons(health))).retryAfter(5));
  }

  private String status(StoreHealth health) {
    if (gate.isClosed()) {
      return "draining";
    }
    if (!health.readable()) {
      return "unavailable";
    }
    if (!health.writable()) {
      return "unwritable";
    }
    return health.isHealthy() ? "healthy" : "degraded";
  }

  private List<String> reasons(StoreHealth health) {
    List<String> reasons = new ArrayList<>();
    if (gate.isClosed()) {
      reasons.add("The server is shutting down.");
    }
    reasons.addAll(health.problems());
    if (reasons.isEmpty() && !health.readable()) {
      reasons.add("The store cannot be read.");
    }
    if (reasons.isEmpty() && !health.writable()) {
      reasons.add("The store takes no writes.");
    }
    return reasons;
  }
}
