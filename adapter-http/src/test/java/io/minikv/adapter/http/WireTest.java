package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, byte for byte: also what no decent client sends. */
class WireTest {

  private static final int MAX_BODY = 1_000;
  private static final HttpServerConfig CONFIG =
      TestServer.CONFIG
          .withLimits(new HttpServerConfig.Limits(MAX_BODY, 10_000, 100, 1_000))
          .withTimeouts(
              new HttpServerConfig.Timeouts(
                  Duration.ofMillis(500),
                  Duration.ofSeconds(30),
                  Duration.ofMillis(500),
                  Duration.ofSeconds(5)));

  private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();
  private final TestServer http = TestServer.of(CONFIG, store);
  private final RawConnection wire = http.connect();

  @AfterEach
  void stop() {
    wire.close();
    http.close();
    store.close();
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() {
    wire.send(
        "PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 1\n\n1"
            + "GET /blobs/a HTTP/1.1\nHost: h\n\n"
            + "DELETE /blobs/a HTTP/1.1\nHost: h\n\n"
            + "GET /blobs HTTP/1.1\nHost: h\n\n"
            + "GET /blobs/a HTTP/1.1\nHost: h\n\n");
    assertThat(wire.read().status()).isEqualTo(201);
    assertThat(wire.read().body()).isEqualTo("1");
    assertThat(wire.read().status()).isEqualTo(204);
    assertThat(wire.read().body()).isEqualTo("[]");
    assertThat(wire.read().status()).isEqualTo(404);
  }

  @Test
  void aClientThatExpectsContinueIsToldTo() {
    wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 3\nExpect: 100-continue\n\n");
    assertThat(wire.read().status()).isEqualTo(100);
    wire.send("abc");
    assertThat(wire.read().status()).isEqualTo(201);
    wire.send("GET /blobs/a HTTP/1.1\nHost: h\n\n");
    assertThat(wire.read().body()).isEqualTo("abc");
  }

  @Test
  void aBodyThatIsTooLongIsRefusedBeforeItIsSent() {
    wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 1001\nExpect: 100-continue\n\n");
    RawConnection.Response response = wire.read();
    assertThat(response.status()).isEqualTo(413);
    assertThat(response.headers()).containsEntry("content-type", "application/problem+json");
    assertThat(response.headers()).containsEntry("connection", "close");
    assertThat(wire.isClosedByServer()).isTrue();
  }

  @Test
  void aBodyThatIsTooLongIsRefusedWithoutReadingIt() {
    wire.send("POST /blobs/a HTTP/1.1\nHost: h\nContent-Length: 99999999999\n\n" + "x".repeat(100));
    assertThat(wire.read().status()).isEqualTo(413);
    assertThat(wire.isClosedByServer()).isTrue();
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @Test
  void aBodyOfExactlyTheLimitIsStored() {
    wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 1000\n\n" + "x".repeat(MAX_BODY));
    assertThat(wire.read().status()).isEqualTo(201);
    wire.send(
        "PUT /blobs/b HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n3e8\n"
            + "x".repeat(MAX_BODY)
            + "\n0\n\n");
    assertThat(wire.read().status()).isEqualTo(201);
  }

  @Test
  void aChunkedBodyIsRefusedWhereItBecomesTooLong() {
    wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n");
    for (int i = 0; i < 11; i++) {
      wire.send("64\n" + "x".repeat(100) + "\n");
    }
    RawConnection.Response response = wire.read();
    assertThat(response.status()).isEqualTo(413);
    assertThat(response.headers()).containsEntry("connection", "close");
    assertThat(wire.isClosedByServer()).isTrue();
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @Test
  void anUnknownExpectationFails() {
    wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 1\nExpect: miracles\n\n1");
    assertThat(wire.read().status()).isEqualTo(417);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nContent-Length: 5",
        "Content-Length: 5\nContent-Length: 6",
        "Content-Length: 5\nContent-Length: 5",
        "Content-Length: -5",
        "Content-Length: +5",
        "Content-Length: 5x",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: identity",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Content-Length : 5",
      })
  void aRequestWithoutOneClearEndIsRefusedAndTheConnectionEnds(String headers) {
    wire.send(
        "POST /blobs/a HTTP/1.1\nHost: h\n"
            + headers
            + "\n\n0\n\nPUT /blobs/smuggled HTTP/1.1\nHost: h\nContent-Length: 0\n\n");
    assertThat(wire.read().status()).isEqualTo(400);
    assertThat(wire.isClosedByServer()).isTrue();
    assertThat(store.exists(Key.of("smuggled"))).isFalse();
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "DELETE"})
  void theBodyOfARequestThatNeedsNoneIsNeverTakenForARequest(String method) {
    store.put(Key.of("a"), Value.of("1"));
    String smuggled = "PUT /blobs/smuggled HTTP/1.1\nHost: h\nContent-Length: 0\n\n";
    int length = smuggled.replace("\n", "\r\n").length();
    wire.send(
        method + " /blobs/a HTTP/1.1\nHost: h\nContent-Length: " + length + "\n\n" + smuggled);
    assertThat(wire.readHead().status()).isIn(200, 204);
    http.get("/health");
    assertThat(store.exists(Key.of("smuggled"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Host: a\nHost: b\n"})
  void aRequestHasExactlyOneHost(String host) {
    wire.send("GET /blobs HTTP/1.1\n" + host + "\n");
    assertThat(wire.read().status()).isEqualTo(400);
  }

  @Test
  void clientsOfHttp10AreServed() {
    store.put(Key.of("a"), Value.of("1"));
    wire.send("GET /blobs/a HTTP/1.0\n\n");
    assertThat(wire.read().body()).isEqualTo("1");
    assertThat(wire.isClosedByServer()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "DELETE"})
  void clientsOfHttp10NeedNotSayThatThereIsNoBody(String method) {
    store.put(Key.of("a"), Value.of("1"));
    wire.send(method + " /blobs/a HTTP/1.0\n\n");
    assertThat(wire.readHead().status()).isIn(200, 204);
    assertThat(wire.isClosedByServer()).isTrue();
  }

  @Test
  void anAbsoluteUrlIsUnderstood() {
    store.put(Key.of("a//b"), Value.of("1"));
    wire.send("GET http://example.org/blobs/a//b HTTP/1.1\nHost: example.org\n\n");
    assertThat(wire.read().body()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/blobs/%", "/blobs/a%2", "/blobs/%zz", "/blobs/a%%20", "/blobs?prefix=%f"})
  void aMalformedEscapeIsRefused(String target) {
    wire.send("GET " + target + " HTTP/1.1\nHost: h\n\n");
    assertThat(wire.read().status()).isEqualTo(400);
  }

  @Test
  void unescapedUtf8StandsForItsBytes() {
    wire.send("PUT /blobs/h\u00c3\u00a9 HTTP/1.1\nHost: h\nContent-Length: 1\n\n1");
    assertThat(wire.read().status()).isEqualTo(201);
    assertThat(store.exists(Key.of("h\u00e9"))).isTrue();
    wire.send("GET /blobs?prefix=h\u00c3\u00a9 HTTP/1.1\nHost: h\n\n");
    assertThat(wire.read().body()).isEqualTo("[\"h\u00e9\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NONSENSE\n\n",
        "GET /blobs HTTP/2.0\nHost: h\n\n",
        "GET /blobs\n\n",
        "GET /blobs HTTP/1.1\nno colon\n\n"
      })
  void nonsenseIsRefusedAndTheConnectionEnds(String request) {
    wire.send(request);
    assertThat(wire.readToEnd()).doesNotContain(" 200 ").doesNotContain("Exception");
    assertThat(http.get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void aMalformedChunkEndsTheConnectionAndNothingIsStored() {
    wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\nzz\nabc\n0\n\n");
    assertThat(wire.isClosedByServer()).isTrue();
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @Test
  void aBodyThatEndsTooEarlyIsNotStored() {
    wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 10\n\nabc");
    wire.close();
    http.put("/blobs/b", "1");
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @Test
  void aHeadThatDoesNotEndIsCutOff() {
    wire.send("GET /blobs HTTP/1.1\nHost: h\n");
    assertThat(wire.isClosedByServer()).isTrue();
  }

  @Test
  void aBodyThatStallsIsCutOff() {
    wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 10\n\nabc");
    assertThat(wire.read().status()).isEqualTo(408);
    assertThat(wire.isClosedByServer()).isTrue();
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @Test
  void aFloodOfHeadersIsRefused() {
    StringBuilder flood = new StringBuilder("GET /blobs HTTP/1.1\nHost: h\n");
    for (int i = 0; i < 300; i++) {
      flood.append("X-").append(i).append(": 1\n");
    }
    wire.send(flood.append("\n").toString());
    assertThat(wire.read().status()).isIn(400, 431);
  }

  @Test
  void aRequestIdIsTakenOrMade() {
    wire.send("GET /health HTTP/1.1\nHost: h\nX-Request-Id: my-id.1\n\n");
    assertThat(wire.read().headers()).containsEntry("x-request-id", "my-id.1");
    wire.send("GET /blobs/absent HTTP/1.1\nHost: h\nX-Request-Id: not acceptable\n\n");
    assertThat(wire.read().headers().get("x-request-id")).matches("[0-9a-f]+-[0-9a-f]+");
  }

  @Test
  void aClientOfHttp10ThatAsksForItKeepsItsConnectionAndIsTold() {
    http.put("/blobs/a", "1");
    for (String path : new String[] {"/blobs/a", "/blobs/absent", "/blobs/a"}) {
      wire.send("GET " + path + " HTTP/1.0\nConnection: keep-alive\n\n");
      assertThat(wire.read().headers()).containsEntry("connection", "keep-alive");
    }
    wire.send("GET /blobs/a HTTP/1.0\n\n");
    assertThat(wire.read().headers()).containsEntry("connection", "close");
    assertThat(wire.isClosedByServer()).isTrue();
  }

  @Test
  void aConnectionMayRestLongerThanATransfer() {
    for (int i = 0; i < 2; i++) {
      wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 1\n\n1");
      assertThat(wire.read().status()).isBetween(200, 201);
      Awaitility.await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
    }
    wire.send("GET /blobs/a HTTP/1.1\nHost: h\n\n");
    assertThat(wire.read().body()).isEqualTo("1");
  }
}
