package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.testkit.FaultyKeyValueStore;
import io.minikv.testkit.InMemoryKeyValueStore;
import io.undertow.Undertow;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection between the end of a request and its answer. */
class IdleReadsTest {

  private static final Duration STALLED = Duration.ofSeconds(10);
  private static final Replies REPLIES = new Replies(new Json(), STALLED);
  private static final ErrorBoundary BOUNDARY = new ErrorBoundary(REPLIES);

  private final BlockingQueue<HttpServerExchange> received = new LinkedBlockingQueue<>();
  private volatile HttpHandler handler =
      exchange -> bodies().receive(exchange, _ -> idle(exchange));

  private final Undertow server =
      Undertow.builder()
          .addHttpListener(0, "127.0.0.1")
          .setHandler(exchange -> handler.handleRequest(exchange))
          .build();

  IdleReadsTest() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void theConnectionStaysInTheSelectorUntilMoreComesAndIsReadAfterTheAnswer()
      throws InterruptedException {
    try (RawConnection wire = new RawConnection(port())) {
      wire.send("POST / HTTP/1.1\nHost: h\nContent-Length: 1\n\n1");
      HttpServerExchange exchange = received.take();
      assertThat(isReadResumed(exchange)).isTrue();
      wire.send("POST / HTTP/1.1\nHost: h\nContent-Length: 0\n\n");
      Awaitility.await().until(() -> !isReadResumed(exchange));
      exchange.getIoThread().execute(exchange::endExchange);
      assertThat(wire.read().status()).isEqualTo(200);
      HttpServerExchange next = received.take();
      assertThat(isReadResumed(next)).isTrue();
      next.getIoThread().execute(next::endExchange);
      assertThat(wire.read().status()).isEqualTo(200);
    }
  }

  @Test
  void aClientThatLeavesBeforeTheAnswerTakesItsConnectionOutOfTheSelector()
      throws InterruptedException {
    RawConnection wire = new RawConnection(port());
    wire.send("POST / HTTP/1.1\nHost: h\nContent-Length: 1\n\n1");
    HttpServerExchange exchange = received.take();
    wire.close();
    Awaitility.await().until(() -> !isReadResumed(exchange));
    exchange.getIoThread().execute(exchange::endExchange);
    Awaitility.await().until(() -> !exchange.getConnection().isOpen());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void aConnectionStaysInTheSelectorWhileTheWriteOfItsRequestIsUnderWay(String method)
      throws InterruptedException {
    FaultyKeyValueStore store = new FaultyKeyValueStore(new InMemoryKeyValueStore());
    store.hold(FaultyKeyValueStore.Call.WRITE);
    BlobWriting writing = new BlobWriting(store, "volume", bodies(), REPLIES, BOUNDARY);
    handler =
        exchange -> {
          RequestContext.begin(exchange, new RequestIds());
          received.add(exchange);
          switch (method) {
            case "POST" -> writing.post(exchange);
            case "PUT" -> writing.put(exchange);
            default -> writing.delete(exchange);
          }
        };
    try (RawConnection wire = new RawConnection(port())) {
      wire.send(method + " /blobs/k HTTP/1.1\nHost: h\nContent-Length: 1\n\n1");
      HttpServerExchange exchange = received.take();
      Awaitility.await().until(() -> store.held(FaultyKeyValueStore.Call.WRITE) == 1);
      assertThat(isReadResumed(exchange)).isTrue();
      store.release(FaultyKeyValueStore.Call.WRITE);
      assertThat(wire.read().status()).isLessThan(300);
    }
  }

  private void idle(HttpServerExchange exchange) {
    IdleReads.begin(exchange);
    received.add(exchange);
  }

  private static boolean isReadResumed(HttpServerExchange exchange) {
    AbstractServerConnection connection = (AbstractServerConnection) exchange.getConnection();
    return connection.getOriginalSourceConduit().isReadResumed();
  }

  private static BodyReceiver bodies() {
    return new BodyReceiver(1_000, new BodyBudget(1_000), STALLED, BOUNDARY);
  }

  private int port() {
    return ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
  }
}
