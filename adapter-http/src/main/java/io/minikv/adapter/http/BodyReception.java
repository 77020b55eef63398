package io.minikv.adapter.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.xnio.channels.StreamSourceChannel;

/**
 * One body on its way into memory. The array grows with what arrives, not with what was announced,
 * so that announcing much costs the server nothing. All of it runs on the I/O thread of the
 * connection.
 */
final class BodyReception {

  private static final int FIRST_CAPACITY = 64 << 10;
  private static final byte[] NOTHING = new byte[0];

  private final HttpServerExchange exchange;
  private final long declared;
  private final long maxBytes;
  private final BodyBudget budget;
  private final ErrorBoundary boundary;
  private final BodyReceiver.Continuation continuation;
  private final StallTimer timer;
  private byte[] bytes = NOTHING;
  private int length;
  private boolean ended;

  BodyReception(
      HttpServerExchange exchange,
      long maxBytes,
      BodyBudget budget,
      Duration stalledTransfer,
      ErrorBoundary boundary,
      BodyReceiver.Continuation continuation) {
    this.exchange = exchange;
    this.declared = exchange.getRequestContentLength();
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.boundary = boundary;
    this.continuation = continuation;
    this.timer = new StallTimer(exchange, stalledTransfer, this::onStall);
  }

  void begin() {
    boundary.run(
        exchange,
        () -> {
          if (exchange.isRequestComplete()) {
            end();
          } else if (HttpContinue.requiresContinueResponse(exchange)) {
            HttpContinue.sendContinueResponse(exchange, readAfterContinue());
          } else {
            readAll();
          }
        });
  }

  /** Gives the memory back to the budget. */
  void release() {
    budget.release(bytes.length);
    bytes = NOTHING;
  }

  private IoCallback readAfterContinue() {
    return new IoCallback() {
      @Override
      public void onComplete(HttpServerExchange same, Sender sender) {
        boundary.run(exchange, BodyReception.this::readAll);
      }

      @Override
      public void onException(HttpServerExchange same, Sender sender, IOException failure) {
        boundary.fail(exchange, failure);
      }
    };
  }

  private void readAll() throws Exception {
    StreamSourceChannel channel = RequestBody.channel(exchange);
    if (readAvailable(channel)) {
      end();
    } else {
      channel.getReadSetter().set(this::onReadable);
      timer.restart();
      channel.resumeReads();
    }
  }

  private void onReadable(StreamSourceChannel channel) {
    if (ended) {
      return;
    }
    boundary.run(
        exchange,
        () -> {
          if (readAvailable(channel)) {
            end();
          } else {
            timer.restart();
          }
        });
  }

  private void onStall() {
    stop(RequestBody.channel(exchange));
    boundary.fail(exchange, stalled());
  }

  /** What a client is told that stops sending. */
  static ProblemException stalled() {
    return new ProblemException(
        Problem.of(
            408, "body-stalled", "Request timeout", "The body of the request stopped coming."));
  }

  /** Reads what there is, and says whether it was the last. */
  private boolean readAvailable(StreamSourceChannel channel) throws IOException {
    try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
      ByteBuffer buffer = pooled.getBuffer();
      while (true) {
        buffer.clear();
        int count = channel.read(buffer);
        if (count <= 0) {
          return count < 0;
        }
        append(buffer.flip());
      }
    } catch (IOException | RuntimeException failure) {
      stop(channel);
      throw failure;
    }
  }

  private void append(ByteBuffer piece) {
    long needed = (long) length + piece.remaining();
    if (needed > maxBytes) {
      throw new ProblemException(StoreProblems.tooLarge(maxBytes));
    }
    if (needed > bytes.length) {
      grow(needed);
    }
    int count = piece.remaining();
    piece.get(bytes, length, count);
    length += count;
  }

  private void grow(long needed) {
    long most = declared >= 0 ? declared : maxBytes;
    long doubled = Math.max(FIRST_CAPACITY, 2L * bytes.length);
    int capacity = (int) Math.max(needed, Math.min(doubled, most));
    budget.reserve(capacity - bytes.length);
    bytes = Arrays.copyOf(bytes, capacity);
  }

  private void stop(StreamSourceChannel channel) {
    ended = true;
    timer.stop();
    channel.suspendReads();
  }

  private void end() throws Exception {
    ended = true;
    timer.stop();
    continuation.received(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
  }
}
