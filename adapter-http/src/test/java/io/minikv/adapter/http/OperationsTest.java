package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.StoreHealth;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Health, metrics, administration, and requests for what there is not. */
class OperationsTest {

  private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
  private final MaintenanceStub maintenance = new MaintenanceStub(store);
  private final TestServer http =
      new TestServer(TestServer.CONFIG, store, maintenance, InstantSource.system());

  @AfterEach
  void stop() {
    http.close();
    store.close();
  }

  @Test
  void aHealthyStoreIsReady() {
    assertThat(http.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
    assertThat(http.get("/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");
  }

  @Test
  void aStoreWithProblemsIsDegradedButReady() {
    maintenance.health = new StoreHealth(true, true, List.of("The index snapshot is damaged."));
    JsonNode health = TestServer.json(http.get("/health"));
    assertThat(health.get("status").asString()).isEqualTo("degraded");
    assertThat(health.get("reasons").get(0).asString()).isEqualTo("The index snapshot is damaged.");
    assertThat(http.get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void aStoreThatTakesNoWritesIsNotReadyButLives() {
    maintenance.health = new StoreHealth(true, false, List.of("The disk is full."));
    HttpResponse<String> health = http.get("/health");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(TestServer.json(health).get("status").asString()).isEqualTo("unwritable");
    HttpResponse<String> ready = http.get("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(TestServer.json(ready).get("detail").asString()).contains("The disk is full.");
    assertThat(http.get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void aStoreThatCannotBeReadIsUnavailable() {
    maintenance.health = new StoreHealth(false, false, List.of("The store is closed."));
    HttpResponse<String> health = http.get("/health");
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(TestServer.json(health).get("status").asString()).isEqualTo("unavailable");
  }

  @Test
  void statisticsTellAllFigures() {
    store.put(Key.of("a"), Value.of("123"));
    JsonNode stats = TestServer.json(http.get("/admin/stats"));
    assertThat(stats.get("keys").asLong()).isEqualTo(1);
    assertThat(stats.get("live_value_bytes").asLong()).isEqualTo(3);
    assertThat(stats.get("last_sequence").asLong()).isEqualTo(1);
    assertThat(stats.get("durability").asString()).isEqualTo("always");
    assertThat(stats.propertyNames())
        .contains(
            "disk_bytes",
            "live_bytes",
            "dead_bytes",
            "commits",
            "filters",
            "segments",
            "recovery",
            "last_compaction");
  }

  @Test
  void aCompactionAnswersWithItsReport() {
    HttpResponse<String> response = http.post("/admin/compact", "");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(TestServer.json(response).propertyNames())
        .containsExactly(
            "started_at",
            "duration_ms",
            "segments_before",
            "segments_after",
            "bytes_before",
            "bytes_after",
            "reclaimed_bytes",
            "moved_records",
            "dropped_records");
  }

  @Test
  void aSecondCompactionMeanwhileIsRefused() throws Exception {
    maintenance.mayCompact = new CountDownLatch(1);
    CompletableFuture<Integer> first =
        CompletableFuture.supplyAsync(() -> http.post("/admin/compact", "").statusCode());
    maintenance.compacting.await();
    assertThat(http.post("/admin/compact", "").statusCode()).isEqualTo(409);
    maintenance.mayCompact.countDown();
    assertThat(first.join()).isEqualTo(200);
    assertThat(http.post("/admin/compact", "").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/health",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/blobs",
        "/admin/stats",
        "/admin/jobs"
      })
  void headIsAnsweredWhereverGetIs(String path) {
    HttpResponse<String> head = http.head(path);
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Type")).contains("application/json");
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH,/blobs/a,'DELETE, GET, HEAD, POST, PUT'",
    "POST,/blobs,'GET, HEAD'",
    "DELETE,/health,'GET, HEAD'",
    "GET,/admin/compact,POST",
    "GET,/admin/verify,POST",
    "GET,/admin/backup,POST",
    "GET,/admin/snapshot,POST",
    "POST,/admin/jobs/1,'GET, HEAD'",
    "OPTIONS,/,'GET, HEAD'",
  })
  void aMethodThatIsNotThereIsRefusedWithThoseThatAre(String method, String path, String allow) {
    HttpResponse<String> response = http.send(method, path, BodyPublishers.noBody());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains(allow);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/blob",
        "//",
        "/blobs%2Fa",
        "/health/",
        "/..",
        "/admin",
        "/admin/jobs/"
      })
  void aPathThatIsNotThereIsNotFound(String path) {
    HttpResponse<String> response = http.get(path);
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(TestServer.json(response).get("type").asString())
        .isEqualTo("urn:minikv:problem:no-such-resource");
    assertThat(TestServer.json(response).get("instance").asString()).isEqualTo(path);
  }
}
