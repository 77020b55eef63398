package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of keys. */
class ListingTest {

  private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
  private final TestServer http =
      TestServer.of(
          TestServer.CONFIG.withTimeouts(
              new HttpServerConfig.Timeouts(
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(5))),
          store);

  @AfterEach
  void stopAndFindLeaks() {
    Awaitility.await().untilAsserted(() -> assertThat(store.openHandles()).isZero());
    http.close();
    store.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                            | a/1 a/2 a/3 b/1 c",
        "?prefix=a/                    | a/1 a/2 a/3",
        "?prefix=a%2F                  | a/1 a/2 a/3",
        "?prefix=                      | a/1 a/2 a/3 b/1 c",
        "?start-after=a/2              | a/3 b/1 c",
        "?end=b/1                      | a/1 a/2 a/3",
        "?start-after=a/1&end=b        | a/2 a/3",
        "?limit=2                      | a/1 a/2",
        "?limit=2&start-after=a/2      | a/3 b/1",
        "?reverse=true                 | c b/1 a/3 a/2 a/1",
        "?reverse&limit=2              | c b/1",
        "?reverse&start-after=b/1      | a/3 a/2 a/1",
        "?reverse&end=a/2              | c b/1 a/3",
        "?reverse=false&prefix=b       | b/1",
        "?prefix=zzz                   | ''",
        "?limit=0                      | ''",
      })
  void parametersChooseKeys(String query, String expected) {
    for (String key : new String[] {"b/1", "a/2", "c", "a/1", "a/3"}) {
      store.put(Key.of(key), Value.empty());
    }
    String json = expected.isEmpty() ? "[]" : "[\"" + expected.replace(" ", "\",\"") + "\"]";
    assertThat(http.get("/blobs" + query).body()).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=x",
        "limit=-1",
        "reverse=maybe",
        "delimiter=/",
        "prefix=a&prefix=b",
        "limit="
      })
  void aWrongParameterIsRefused(String query) {
    HttpResponse<String> response = http.get("/blobs?" + query);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void keysThatAreNoTextAreObjects() {
    store.put(Key.of("%FF"), Value.empty());
    store.put(Key.copyOf(new byte[] {(byte) 0xFF, '/', 'a'}), Value.empty());
    assertThat(http.get("/blobs").body()).isEqualTo("[\"%FF\",{\"percent_encoded\":\"%FF%2Fa\"}]");
    assertThat(http.get("/blobs?prefix=%FF").body())
        .isEqualTo("[{\"percent_encoded\":\"%FF%2Fa\"}]");
  }

  @Test
  void aLongListArrivesWhole() {
    int count = 50_000;
    StringBuilder expected = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      String key = "key-%06d".formatted(i);
      store.put(Key.of(key), Value.empty());
      expected.append(i == 0 ? "\"" : ",\"").append(key).append('"');
    }
    assertThat(http.get("/blobs").body()).isEqualTo(expected.append("]").toString());
  }

  @Test
  void headTellsTheTypeOnly() {
    store.put(Key.of("a"), Value.empty());
    HttpResponse<String> response = http.head("/blobs");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.headers().firstValue("Content-Length")).isEmpty();
    assertThat(response.body()).isEmpty();
  }

  @Test
  void theCursorIsClosedWhenTheClientGoesAway() {
    storeLongKeys();
    RawConnection wire = http.connect();
    wire.send("GET /blobs HTTP/1.1\nHost: h\n\n");
    Awaitility.await().until(() -> store.openHandles() == 1);
    wire.close();
    Awaitility.await().until(() -> store.openHandles() == 0);
  }

  @Test
  void theCursorIsClosedWhenTheClientDoesNotRead() {
    storeLongKeys();
    try (RawConnection wire = http.connect()) {
      wire.send("GET /blobs HTTP/1.1\nHost: h\n\n");
      Awaitility.await().until(() -> store.openHandles() == 1);
      Awaitility.await().until(() -> store.openHandles() == 0);
    }
  }

  @Test
  void theReaderIsClosedWhenTheClientGoesAway() {
    store.put(Key.of("big"), Value.wrap(new byte[64 << 20]));
    RawConnection wire = http.connect();
    wire.send("GET /blobs/big HTTP/1.1\nHost: h\n\n");
    Awaitility.await().until(() -> store.openHandles() == 1);
    wire.close();
    Awaitility.await().until(() -> store.openHandles() == 0);
  }

  /** More than the buffers of both sides of a connection hold. */
  private void storeLongKeys() {
    String padding = "x".repeat(60_000);
    for (int i = 0; i < 500; i++) {
      store.put(Key.of(i + padding), Value.empty());
    }
  }
}
