package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteMetricsTest {

  /** Interpreted code makes a function object or two a request, compiled code nothing. */
  private static final long MAX_BYTES_EACH = 64;

  private final Counter requests =
      Counter.builder()
          .name("requests")
          .labelNames("route", "method", "code")
          .withoutExemplars()
          .build();
  private final Histogram durations =
      Histogram.builder()
          .name("durations")
          .labelNames("route", "method", "status")
          .classicOnly()
          .withoutExemplars()
          .build();
  private final RouteMetrics metrics = new RouteMetrics("/blobs/{key}", requests, durations);

  private double count(String method, String code) {
    return requests.labelValues("/blobs/{key}", method, code).get();
  }

  @Test
  void eachMethodAndStatusIsCountedApart() {
    metrics.record(Methods.GET, 200, 1);
    metrics.record(Methods.GET, 200, 1);
    metrics.record(Methods.GET, 404, 1);
    metrics.record(Methods.DELETE, 599, 1);
    assertThat(count("GET", "200")).isEqualTo(2);
    assertThat(count("GET", "404")).isEqualTo(1);
    assertThat(count("DELETE", "599")).isEqualTo(1);
  }

  @Test
  void methodsThatNoRouteHasAreCountedTogether() {
    metrics.record(new HttpString("BREW"), 405, 1);
    metrics.record(Methods.PATCH, 405, 1);
    assertThat(count("other", "405")).isEqualTo(2);
  }

  @Test
  void durationsAreInSeconds() {
    metrics.record(Methods.GET, 200, 1_500_000_000);
    assertThat(durations.labelValues("/blobs/{key}", "GET", "2xx").getSum()).isEqualTo(1.5);
  }

  @Test
  void noRequestIsLostAmongManyThreads() {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      IntStream.range(0, 4)
          .forEach(_ ->
              threads.execute(() ->
                  IntStream.range(0, 10_000).forEach(_ -> metrics.record(Methods.PUT, 201, 1))));
    }
    assertThat(count("PUT", "201")).isEqualTo(40_000);
  }

  @Test
  void recordingAllocatesNextToNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int rounds = 100_000;
    record(rounds);
    long before = threads.getCurrentThreadAllocatedBytes();
    record(rounds);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated)
        .as("bytes allocated by %d requests", rounds)
        .isLessThan(rounds * MAX_BYTES_EACH);
  }

  private void record(int rounds) {
    for (int i = 0; i < rounds; i++) {
      metrics.record(Methods.GET, 200, i);
    }
  }
}
