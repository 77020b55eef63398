package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.StoreLimits;
import io.minikv.domain.Value;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are too long to be collected, and bodies of unknown length. */
class StreamedUploadTest {

  private static final int MAX_BODY = 6 << 20;
  private static final int LONG = 5 << 20;
  private static final HttpServerConfig CONFIG =
      TestServer.CONFIG
          .withLimits(new HttpServerConfig.Limits(MAX_BODY, 8 << 20, 1_000, 1_000))
          .withTimeouts(
              new HttpServerConfig.Timeouts(
                  Duration.ofSeconds(10),
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(5)));
  private static final byte[] BYTES = bytes();

  private final InMemoryKeyValueStore store =
      new InMemoryKeyValueStore(InstantSource.fixed(Instant.EPOCH), StoreLimits.DEFAULT);
  private final TestServer http = TestServer.of(CONFIG, store);

  @AfterEach
  void stopAndFindLeaks() {
    Awaitility.await().untilAsserted(() -> assertThat(store.openHandles()).isZero());
    http.close();
    store.close();
  }

  private static byte[] bytes() {
    byte[] bytes = new byte[LONG];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static String head(String framing) {
    return "PUT /blobs/a HTTP/1.1\nHost: h\n" + framing + "\n\n";
  }

  @Test
  void aLongBodyIsStoredWhole() {
    try (RawConnection wire = http.connect()) {
      wire.send(head("Content-Length: " + LONG)).send(BYTES);
      RawConnection.Response response = wire.read();
      assertThat(response.status()).isEqualTo(201);
      assertThat(response.body()).contains("\"size\":" + LONG);
      assertStored();
      wire.send("GET /blobs/a HTTP/1.1\nHost: h\nRange: bytes=0-3\n\n");
      assertThat(wire.read().status()).isEqualTo(206);
    }
  }

  @Test
  void aBodyWithoutALengthIsStoredWhole() {
    try (RawConnection wire = http.connect()) {
      sendChunks(wire.send(head("Transfer-Encoding: chunked")), LONG);
      wire.send("0\n\n");
      assertThat(wire.read().status()).isEqualTo(201);
      assertStored();
    }
  }

  @Test
  void aClientThatExpectsContinueIsToldTo() {
    try (RawConnection wire = http.connect()) {
      wire.send(head("Content-Length: " + LONG + "\nExpect: 100-continue"));
      assertThat(wire.read().status()).isEqualTo(100);
      wire.send(BYTES);
      assertThat(wire.read().status()).isEqualTo(201);
      assertStored();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 5242880", "Transfer-Encoding: chunked"})
  void anUploadThatIsCutLeavesNothing(String framing) {
    try (RawConnection wire = http.connect()) {
      wire.send(head(framing));
      if (framing.contains("chunked")) {
        sendChunks(wire, LONG / 2);
      } else {
        wire.send(Arrays.copyOf(BYTES, LONG / 2));
      }
      Awaitility.await().until(() -> store.openHandles() > 0);
    }
    Awaitility.await().untilAsserted(() -> assertThat(store.openHandles()).isZero());
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @Test
  void anUploadThatStallsIsCutOffAndLeavesNothing() {
    try (RawConnection wire = http.connect()) {
      wire.send(head("Content-Length: " + LONG)).send(Arrays.copyOf(BYTES, LONG / 2));
      assertThat(wire.read().status()).isEqualTo(408);
      assertThat(wire.isClosedByServer()).isTrue();
    }
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @Test
  void aBodyWithoutALengthIsRefusedWhereItBecomesTooLong() {
    try (RawConnection wire = http.connect()) {
      wire.send(head("Transfer-Encoding: chunked"));
      sendChunks(wire, LONG);
      sendChunks(wire, MAX_BODY - LONG + 1);
      RawConnection.Response response = wire.read();
      assertThat(response.status()).isEqualTo(413);
      assertThat(response.headers()).containsEntry("connection", "close");
    }
    assertThat(store.exists(Key.of("a"))).isFalse();
  }

  @Test
  void aConditionIsDecidedWhenTheBodyIsThere() {
    store.put(Key.of("a"), Value.of("there"));
    try (RawConnection wire = http.connect()) {
      wire.send(head("If-None-Match: *\nContent-Length: " + LONG)).send(BYTES);
      assertThat(wire.read().status()).isEqualTo(412);
    }
    assertThat(store.get(Key.of("a")).orElseThrow().value()).isEqualTo(Value.of("there"));
  }

  @Test
  void slowUploadsHoldUpNobody() {
    List<RawConnection> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) { // More than there are threads.
        RawConnection wire = http.connect();
        slow.add(wire);
        wire.send("PUT /blobs/slow-" + i + " HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n");
        wire.send("3\nabc\n");
      }
      assertThat(http.put("/blobs/quick", "value").statusCode()).isEqualTo(201);
      try (RawConnection wire = http.connect()) {
        wire.send(head("Content-Length: " + LONG)).send(BYTES);
        assertThat(wire.read().status()).isEqualTo(201);
      }
    } finally {
      slow.forEach(RawConnection::close);
    }
  }

  private static void sendChunks(RawConnection wire, int length) {
    for (int from = 0; from < length; from += 100_000) {
      int end = Math.min(length, from + 100_000);
      wire.send(Integer.toHexString(end - from) + "\n");
      wire.send(Arrays.copyOfRange(BYTES, from, end)).send("\n");
    }
  }

  private void assertStored() {
    assertThat(store.get(Key.of("a")).orElseThrow().value().toByteArray()).isEqualTo(BYTES);
  }
}
