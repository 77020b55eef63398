package io.minikv.adapter.http;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one route. For any number of threads.
 *
 * <p>The series of a method and a status is looked up once and kept: from then on, recording a
 * request allocates next to nothing and takes no lock, unless a scrape is reading that very series.
 */
final class RouteMetrics {

  /** What methods that no route has are called, so that a client cannot make up series. */
  static final String OTHER = "other";

  private static final List<HttpString> METHODS =
      List.of(Methods.GET, Methods.HEAD, Methods.PUT, Methods.POST, Methods.DELETE);
  private static final int END_OF_STATUSES = 600;
  private static final double NANOS_PER_SECOND = 1e9;

  private final String route;
  private final Counter requests;
  private final Histogram durations;

  /** By status within method; the methods that no route has come last. */
  private final AtomicReferenceArray<@Nullable Series> known =
      new AtomicReferenceArray<>((METHODS.size() + 1) * END_OF_STATUSES);

  private record Series(CounterDataPoint requests, DistributionDataPoint durations) {}

  /**
   * Metrics of one route.
   *
   * @param route a name out of a fixed set, never what a client sent
   * @param requests with the labels route, method, code
   * @param durations with the labels route, method, status
   */
  RouteMetrics(String route, Counter requests, Histogram durations) {
    this.route = route;
    this.requests = requests;
    this.durations = durations;
  }

  void record(HttpString method, int status, long nanos) {
    Series series = series(method, status);
    series.requests().inc();
    series.durations().observe(nanos / NANOS_PER_SECOND);
  }

  private Series series(HttpString method, int status) {
    int row = METHODS.indexOf(method);
    int index = (row < 0 ? METHODS.size() : row) * END_OF_STATUSES + status;
    Series series = known.get(index);
    if (series == null) {
      // Two threads may do this at once: both get the same data points.
      series = resolve(row < 0 ? OTHER : method.toString(), status);
      known.set(index, series);
    }
    return series;
  }

  private Series resolve(String method, int status) {
    return new Series(
        requests.labelValues(route, method, Integer.toString(status)),
        durations.labelValues(route, method, status / 100 + "xx"));
  }
}
