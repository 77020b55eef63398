package io.minikv.adapter.http;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.testkit.FaultyKeyValueStore;
import io.minikv.testkit.FaultyKeyValueStore.Call;
import io.minikv.testkit.InMemoryKeyValueStore;
import io.minikv.testkit.MutableClock;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scrapers get, and who is a scraper. */
class MetricsTest {

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final MutableClock clock = new MutableClock();
  private final InMemoryKeyValueStore memory =
      new InMemoryKeyValueStore(clock, StoreLimits.DEFAULT);
  private final FaultyKeyValueStore store = new FaultyKeyValueStore(memory);
  private final MaintenanceStub maintenance = new MaintenanceStub(memory);
  private final TestServer http = new TestServer(TestServer.CONFIG, store, maintenance, clock);

  @AfterEach
  void stop() {
    store.heal();
    http.close();
    memory.close();
  }

  private Exposition scrape() {
    return Exposition.parse(http.get("/metrics", "Accept", "text/plain").body());
  }

  private void awaitValue(String series, double value) {
    Awaitility.await().untilAsserted(() -> assertThat(scrape().value(series)).isEqualTo(value));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Nobody in particular, and browsers
        "*/*                                                             | json",
        "application/json                                                | json",
        "application/*;q=0.1                                             | json",
        "application/json, text/plain, */*                               | json",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | json",
        "text/html, image/gif, image/jpeg, */*; q=.2                     | json",
        "text/plain;q=0.5, application/json                              | json",
        "text/plain;q=0, */*;q=0.1                                       | json",
        // Scrapers
        "text/plain                                                      | text",
        "text/plain;version=0.0.4                                        | text",
        "text/plain;version=0.0.4;q=1,*/*;q=0.1                          | text",
        "text/plain, */*                                                 | text",
        "text/*                                                          | text",
        "text/plain, application/json;q=0                                | text",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
            + "text/plain;version=0.0.4;q=0.3                            | text",
        "application/openmetrics-text                                    | open",
        "application/openmetrics-text; version=1.0.0, text/plain;q=0.5   | open",
        "application/openmetrics-text;version=0.0.1;q=0.2,"
            + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1                  | text",
        "application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | open",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2                  | open",
        // Those for whom there is nothing
        "text/html                                                       | none",
        "application/json;q=0                                            | none",
        "application/vnd.google.protobuf                                 | none",
        "*/*;q=0                                                         | none",
      })
  void theFormatIsTheOneThatTheClientPrefers(String accept, String format) {
    HttpResponse<String> response = http.get("/metrics", "Accept", accept);
    assertThat(response.statusCode()).isEqualTo(format.equals("none") ? 406 : 200);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains(
            switch (format) {
              case "json" -> "application/json";
              case "text" -> PROMETHEUS;
              case "open" -> OPEN_METRICS;
              default -> "application/problem+json";
            });
  }

  @Test
  void withoutAcceptTheAnswerIsJsonAndCachesAreToldThatItDepends() {
    HttpResponse<String> response = http.get("/metrics");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.headers().firstValue("Vary")).contains("Accept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/openmetrics-text"})
  void headHasTheHeadersOfGetAndNoBody(String type) {
    HttpResponse<String> head = http.head("/metrics", "Accept", type);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
    assertThat(head.headers().firstValueAsLong("Content-Length").orElseThrow()).isPositive();
  }

  @Test
  void allMetricsHaveTheNamesTypesAndHelpOfTheConventions() {
    http.get("/health");
    http.post("/admin/compact", "");
    awaitValue(
        "minikv_http_requests_total{code=\"200\",method=\"POST\",route=\"/admin/compact\"}", 1);
    Exposition metrics = scrape();
    assertThat(metrics.types)
        .containsOnly(
            entry("minikv_keys", "gauge"),
            entry("minikv_segments", "gauge"),
            entry("minikv_disk_bytes", "gauge"),
            entry("minikv_live_bytes", "gauge"),
            entry("minikv_dead_bytes", "gauge"),
            entry("minikv_writes_total", "counter"),
            entry("minikv_records_total", "counter"),
            entry("minikv_forces_total", "counter"),
            entry("minikv_forced_writes_total", "counter"),
            entry("minikv_filter_checks_total", "counter"),
            entry("minikv_filter_hits_total", "counter"),
            entry("minikv_last_sequence", "gauge"),
            entry("minikv_recovery_duration_seconds", "gauge"),
            entry("minikv_compaction_last_start_timestamp_seconds", "gauge"),
            entry("minikv_compaction_last_duration_seconds", "gauge"),
            entry("minikv_compaction_last_reclaimed_bytes", "gauge"),
            entry("minikv_writable", "gauge"),
            entry("minikv_uptime_seconds", "gauge"),
            entry("minikv_http_requests_total", "counter"),
            entry("minikv_http_request_duration_seconds", "histogram"),
            entry("minikv_http_requests_in_flight", "gauge"));
  }

  @Test
  void openMetricsSayTheSameWithUnitsAndAnEnd() {
    http.get("/health");
    String text = http.get("/metrics", "Accept", "application/openmetrics-text").body();
    assertThat(text).endsWith("\n# EOF\n").containsOnlyOnce("# EOF");
    Exposition open = Exposition.parse(text);
    assertThat(open.types).contains(entry("minikv_writes", "counter"));
    assertThat(open.units)
        .contains(
            entry("minikv_disk_bytes", "bytes"),
            entry("minikv_http_request_duration_seconds", "seconds"));
    assertThat(open.names()).containsAll(scrape().names());
  }

  @Test
  void theFiguresOfTheStoreAreThoseOfTheMomentOfTheScrape() {
    assertThat(scrape().value("minikv_keys")).isZero();
    memory.put(Key.of("a"), Value.of("1"));
    memory.put(Key.of("a"), Value.of("2"));
    clock.advance(Duration.ofSeconds(90));
    Exposition metrics = scrape();
    assertThat(metrics.value("minikv_keys")).isEqualTo(1);
    assertThat(metrics.value("minikv_last_sequence")).isEqualTo(2);
    assertThat(metrics.value("minikv_writes_total")).isEqualTo(2);
    assertThat(metrics.value("minikv_uptime_seconds")).isEqualTo(90);
    assertThat(metrics.value("minikv_writable")).isEqualTo(1);
    maintenance.health = new StoreHealth(true, false, List.of("The disk is full."));
    assertThat(scrape().value("minikv_writable")).isZero();
  }

  @Test
  void aStoreThatWasNeverCompactedTellsNothingOfCompactions() {
    assertThat(scrape().names()).noneMatch(name -> name.startsWith("minikv_compaction"));
  }

  @Test
  void everyRequestIsCountedAndTimedUnderItsRouteMethodAndStatus() {
    http.put("/blobs/a", "1");
    http.put("/blobs/b", "1");
    http.put("/blobs/a", "2");
    http.get("/blobs/absent");
    String blobs = ",route=\"/blobs/{key}\"}";
    awaitValue("minikv_http_requests_total{code=\"201\",method=\"PUT\"" + blobs, 2);
    awaitValue("minikv_http_requests_total{code=\"200\",method=\"PUT\"" + blobs, 1);
    awaitValue("minikv_http_requests_total{code=\"404\",method=\"GET\"" + blobs, 1);
    Exposition metrics = scrape();
    String puts = "{method=\"PUT\",route=\"/blobs/{key}\",status=\"2xx\"";
    String duration = "minikv_http_request_duration_seconds";
    assertThat(metrics.value(duration + "_count" + puts + "}")).isEqualTo(3);
    assertThat(metrics.value(duration + "_sum" + puts + "}")).isPositive();
    assertThat(metrics.value(duration + "_bucket" + puts + ",le=\"+Inf\"}")).isEqualTo(3);
  }

  @Test
  void requestsUnderWayAreGauged() {
    store.hold(Call.WRITE);
    CompletableFuture<HttpResponse<String>> write =
        CompletableFuture.supplyAsync(() -> http.put("/blobs/a", "1"));
    awaitValue("minikv_http_requests_in_flight", 1);
    store.release(Call.WRITE);
    assertThat(write.join().statusCode()).isEqualTo(201);
    awaitValue("minikv_http_requests_in_flight", 0);
  }

  @Test
  void whateverClientsMakeUpTheSeriesStayFew() {
    for (int i = 0; i < 100; i++) {
      http.get("/blobs/key" + i);
      http.get("/made-up/" + i);
      http.get("/metrics/" + i + "?query=" + i);
      http.send("MADE-UP-" + i, "/blobs/key" + i, BodyPublishers.noBody());
      http.send("MADE-UP-" + i, "/made-up/" + i, BodyPublishers.noBody());
    }
    awaitValue("minikv_http_requests_total{code=\"404\",method=\"GET\",route=\"other\"}", 200);
    awaitValue("minikv_http_requests_total{code=\"404\",method=\"other\",route=\"other\"}", 100);
    Exposition metrics = scrape();
    assertThat(metrics.labelValues("route"))
        .containsExactlyInAnyOrder("/blobs/{key}", "/metrics", "other");
    assertThat(metrics.labelValues("method")).containsExactlyInAnyOrder("GET", "other");
    assertThat(metrics.labelValues("code")).containsExactlyInAnyOrder("200", "404", "405");
    assertThat(metrics.series()).hasSizeLessThan(150);
  }

  @Test
  void twoServersInOneProcessCountApart() {
    http.get("/health/live");
    awaitValue("minikv_http_requests_total{code=\"200\",method=\"GET\",route=\"/health/live\"}", 1);
    try (TestServer other = TestServer.of(memory)) {
      assertThat(other.get("/metrics", "Accept", "text/plain").body())
          .doesNotContain("/health/live");
    }
  }
}
