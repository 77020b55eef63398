package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.Value;
import io.minikv.testkit.InMemoryKeyValueStore;
import io.minikv.testkit.MutableClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients of the predecessors rely on, to the byte. */
class BaseCompatibilityTest {

  private final MutableClock clock = new MutableClock();
  private final InMemoryKeyValueStore store = new InMemoryKeyValueStore(clock, StoreLimits.DEFAULT);
  private final TestServer http =
      new TestServer(TestServer.CONFIG.withVolumeId("vol-7"), store, store, clock);

  @AfterEach
  void stop() {
    http.close();
    store.close();
  }

  @Test
  void healthHasTheFieldsOfTheBaseInTheirOrder() {
    store.put(Key.of("a"), Value.of("12"));
    clock.advance(Duration.ofSeconds(90));
    String expected =
        "{\"status\":\"healthy\",\"volume_id\":\"vol-7\",\"keys\":1,\"segments\":1,\"total_mb\":0.0,\"uptime_secs\":90}";
    for (String path : new String[] {"/", "/health"}) {
      HttpResponse<String> response = http.get(path);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(response.body()).isEqualTo(expected);
    }
  }

  @Test
  void metricsHaveTheFieldsOfTheBaseInTheirOrder() {
    store.put(Key.of("a"), Value.of("12"));
    store.put(Key.of("b"), Value.of("123"));
    clock.advance(Duration.ofMillis(1_999));
    HttpResponse<String> response = http.get("/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.body())
        .isEqualTo(
            "{\"total_keys\":2,\"total_segments\":1,\"total_bytes\":0,\"total_mb\":0.0,\"active_segment_id\":1,"
                + "\"oldest_segment_id\":1,\"volume_id\":\"vol-7\",\"uptime_secs\":1,\"avg_value_size_bytes\":2.5}");
  }

  @Test
  void aPostedBlobIsAnsweredWithKeyEtagSizeAndVolume() {
    HttpResponse<String> response = http.post("/blobs/user:123", "hello");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.body())
        .isEqualTo("{\"key\":\"user:123\",\"etag\":\"1\",\"size\":5,\"volume_id\":\"vol-7\"}");
    assertThat(http.post("/blobs/user:123", "again").statusCode())
        .as("a second time")
        .isEqualTo(201);
  }

  @Test
  void aBlobComesBackAsItWasPosted() {
    http.post("/blobs/a", "h\u00e9llo\n");
    HttpResponse<String> response = http.get("/blobs/a");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("h\u00e9llo\n");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(response.headers().firstValue("Content-Length")).contains("7");
  }

  @Test
  void anAbsentBlobIsNotFoundWithTheErrorOfTheBaseFirst() {
    HttpResponse<String> response = http.get("/blobs/absent");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":\"Blob not found\",\"type\":\"urn:minikv:problem:blob-not-found\",\"title\":\"Blob not found\","
                + "\"status\":404,\"detail\":\"There is no blob under this key.\",\"instance\":\"/blobs/absent\"}");
  }

  @Test
  void aDeleteSaysNoContentWhetherThereWasSomethingOrNot() {
    http.post("/blobs/a", "1");
    HttpResponse<String> first = http.delete("/blobs/a");
    HttpResponse<String> second = http.delete("/blobs/a");
    assertThat(first.statusCode()).isEqualTo(204);
    assertThat(first.body()).isEmpty();
    assertThat(second.statusCode()).isEqualTo(204);
    assertThat(http.get("/blobs/a").statusCode()).isEqualTo(404);
  }

  @Test
  void theListIsAnArrayOfKeysInOrder() {
    assertThat(http.get("/blobs").body()).isEqualTo("[]");
    http.post("/blobs/b", "");
    http.post("/blobs/a%20quote%22", "");
    http.post("/blobs/c", "");
    HttpResponse<String> response = http.get("/blobs");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.body()).isEqualTo("[\"a quote\\\"\",\"b\",\"c\"]");
  }
}
