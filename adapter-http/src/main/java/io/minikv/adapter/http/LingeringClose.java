package io.minikv.adapter.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/**
 * Ends the connection of a request whose response was sent before its body was read: reads on for a
 * moment and throws away what comes. Closing at once would make the operating system reset the
 * connection, and the client could lose the response. All of it runs on the I/O thread of the
 * connection.
 */
final class LingeringClose {

  private static final long LONGEST_SECONDS = 2;

  private final HttpServerExchange exchange;
  private final StreamSourceChannel body;
  private boolean over;

  private LingeringClose(HttpServerExchange exchange) {
    this.exchange = exchange;
    this.body = RequestBody.channel(exchange);
  }

  /** To be called, from any thread, when the response is sent. */
  static void begin(HttpServerExchange exchange) {
    exchange.getIoThread().execute(() -> new LingeringClose(exchange).begin());
  }

  private void begin() {
    XnioExecutor.Key deadline =
        exchange.getIoThread().executeAfter(this::end, LONGEST_SECONDS, TimeUnit.SECONDS);
    body.getReadSetter()
        .set(_ -> {
          if (isAtEnd()) {
            deadline.remove();
            end();
          }
        });
    body.resumeReads();
  }

  private boolean isAtEnd() {
    try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
      int count;
      do {
        pooled.getBuffer().clear();
        count = body.read(pooled.getBuffer());
      } while (count > 0 && !over);
      return count < 0;
    } catch (IOException _) {
      // The client has gone, which is what is waited for.
      return true;
    }
  }

  private void end() {
    if (!over) {
      over = true;
      IoUtils.safeClose(exchange.getConnection());
      exchange.endExchange();
    }
  }
}
