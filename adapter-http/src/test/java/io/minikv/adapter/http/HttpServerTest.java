package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import io.minikv.testkit.FaultyKeyValueStore;
import io.minikv.testkit.FaultyKeyValueStore.Call;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.net.BindException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The life of a server, and its limits. */
class HttpServerTest {

  private final InMemoryKeyValueStore memory = new InMemoryKeyValueStore();
  private final FaultyKeyValueStore store = new FaultyKeyValueStore(memory);

  @AfterEach
  void stop() {
    store.heal();
    memory.close();
  }

  private TestServer start(HttpServerConfig config) {
    return new TestServer(config, store, memory, InstantSource.system());
  }

  @Test
  void aPortThatIsInUseIsToldWithWhatToDo() {
    try (TestServer first = start(TestServer.CONFIG)) {
      HttpServerConfig taken = TestServer.CONFIG.withPort(first.port());
      assertThatThrownBy(() -> HttpServer.start(taken, memory, memory, InstantSource.system()))
          .isInstanceOf(BindException.class)
          .hasMessage("port " + first.port() + " on 127.0.0.1 is in use; choose another with PORT");
    }
  }

  @Test
  void anAddressThatIsNotOfThisMachineIsToldApart() {
    HttpServerConfig elsewhere = TestServer.CONFIG.withBindAddress("192.0.2.1");
    assertThatThrownBy(() -> HttpServer.start(elsewhere, memory, memory, InstantSource.system()))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("192.0.2.1");
  }

  @Test
  void closingWaitsForRequestsUnderWayAndRefusesNewOnes() {
    TestServer http = start(TestServer.CONFIG);
    store.hold(Call.WRITE);
    CompletableFuture<HttpResponse<String>> write =
        CompletableFuture.supplyAsync(() -> http.put("/blobs/a", "1"));
    Awaitility.await().until(() -> store.held(Call.WRITE) == 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(http.server::close);
    Awaitility.await().until(() -> http.get("/health/ready").statusCode() == 503);
    HttpResponse<String> refused = http.get("/blobs/a");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(TestServer.json(refused).get("type").asString())
        .isEqualTo("urn:minikv:problem:draining");
    assertThat(TestServer.json(http.get("/health")).get("status").asString()).isEqualTo("draining");
    assertThat(http.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(closing).isNotDone();
    store.release(Call.WRITE);
    assertThat(write.join().statusCode()).isEqualTo(201);
    closing.join();
    http.close();
  }

  @Test
  void closingEndsAtItsDeadline() {
    Duration drain = Duration.ofMillis(200);
    TestServer http =
        start(TestServer.CONFIG.withTimeouts(HttpServerConfig.Timeouts.DEFAULT.withDrain(drain)));
    store.hold(Call.WRITE);
    try (RawConnection wire = http.connect()) {
      wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 1\n\n1");
      Awaitility.await().until(() -> store.held(Call.WRITE) == 1);
      long began = System.nanoTime();
      http.server.close();
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isBetween(drain, Duration.ofSeconds(10));
      assertThat(wire.isClosedByServer()).isTrue();
    }
    store.release(Call.WRITE);
    http.close();
  }

  @Test
  void anIdleConnectionDoesNotHoldUpTheEnd() {
    TestServer http = start(TestServer.CONFIG);
    try (RawConnection wire = http.connect()) {
      wire.send("GET /blobs HTTP/1.1\nHost: h\n\n");
      wire.read();
      http.close();
      assertThat(wire.isClosedByServer()).isTrue();
    }
  }

  @Test
  void moreRequestsThanAllowedAreRefusedAtOnce() {
    HttpServerConfig.Limits limits = new HttpServerConfig.Limits(1_000, 10_000, 2, 1_000);
    try (TestServer http = start(TestServer.CONFIG.withLimits(limits))) {
      store.hold(Call.WRITE);
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(() -> http.put("/blobs/a", "1").statusCode());
      CompletableFuture<Integer> second =
          CompletableFuture.supplyAsync(() -> http.put("/blobs/b", "1").statusCode());
      Awaitility.await().until(() -> store.held(Call.WRITE) == 2);
      HttpResponse<String> refused = http.get("/blobs/a");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(http.get("/health").statusCode()).isEqualTo(200);
      store.release(Call.WRITE);
      assertThat(first.join()).isEqualTo(201);
      assertThat(second.join()).isEqualTo(201);
      Awaitility.await().until(() -> http.get("/blobs/a").statusCode() == 200);
    }
  }

  @Test
  void moreBytesInFlightThanAllowedAreRefused() {
    HttpServerConfig.Limits limits = new HttpServerConfig.Limits(1_000, 1_000, 100, 1_000);
    try (TestServer http = start(TestServer.CONFIG.withLimits(limits))) {
      store.hold(Call.WRITE);
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(() -> http.put("/blobs/a", "x".repeat(800)).statusCode());
      Awaitility.await().until(() -> store.held(Call.WRITE) == 1);
      assertThat(http.put("/blobs/b", "x".repeat(300)).statusCode()).isEqualTo(503);
      CompletableFuture<Integer> small =
          CompletableFuture.supplyAsync(() -> http.put("/blobs/b", "x".repeat(100)).statusCode());
      Awaitility.await().until(() -> store.held(Call.WRITE) == 2);
      store.release(Call.WRITE);
      assertThat(first.join()).isEqualTo(201);
      assertThat(small.join()).isEqualTo(201);
      Awaitility.await().until(() -> http.put("/blobs/b", "x".repeat(1_000)).statusCode() == 200);
    }
  }

  @Test
  void pendingWritesHoldNoThread() {
    int pending = 200;
    try (TestServer http = start(TestServer.CONFIG)) {
      store.hold(Call.WRITE);
      RawConnection[] wires = new RawConnection[pending];
      for (int i = 0; i < pending; i++) {
        wires[i] =
            http.connect().send("PUT /blobs/" + i + " HTTP/1.1\nHost: h\nContent-Length: 1\n\n1");
      }
      Awaitility.await().until(() -> store.held(Call.WRITE) == pending);
      memory.put(Key.of("big"), Value.wrap(new byte[100_000]));
      assertThat(http.get("/blobs/big").body()).hasSize(100_000);
      store.release(Call.WRITE);
      for (RawConnection wire : wires) {
        assertThat(wire.read().status()).isEqualTo(201);
        wire.close();
      }
    }
  }

  @Test
  void aRequestThatComesWhileAWriteIsPendingIsAnsweredAfterIt() {
    try (TestServer http = start(TestServer.CONFIG);
        RawConnection wire = http.connect()) {
      store.hold(Call.WRITE);
      wire.send("PUT /blobs/a HTTP/1.1\nHost: h\nContent-Length: 1\n\n1");
      Awaitility.await().until(() -> store.held(Call.WRITE) == 1);
      wire.send("GET /blobs/a HTTP/1.1\nHost: h\n\n");
      assertThat(http.get("/health/live").statusCode()).isEqualTo(200);
      store.release(Call.WRITE);
      assertThat(wire.read().status()).isEqualTo(201);
      assertThat(wire.read().body()).isEqualTo("1");
    }
  }

  @Test
  void everyRequestIsALineInTheAccessLog() {
    Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try (TestServer http = start(TestServer.CONFIG)) {
      http.put("/blobs/a%20b?ttl=5", "123", "X-Request-Id", "the-id");
      Awaitility.await().until(() -> lines.list.size() == 1);
      assertThat(lines.list.getFirst().getFormattedMessage())
          .matches(
              "127\\.0\\.0\\.1 \"PUT /blobs/a%20b\\?ttl=5 HTTP/1\\.1\" 201 \\d+ [0-9.]+ms the-id");
    } finally {
      logger.detachAppender(lines);
    }
  }
}
