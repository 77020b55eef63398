package io.minikv.adapter.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/**
 * Ends a request whose response was sent before its body was read: reads on for a moment and throws
 * away what comes. Closing at once would make the operating system reset the connection, and the
 * client could lose the response.
 */
final class LingeringClose implements IoCallback {

  private static final long LONGEST_SECONDS = 3;

  private boolean over;

  @Override
  public void onComplete(HttpServerExchange exchange, Sender sender) {
    exchange.getIoThread().execute(() -> begin(exchange));
  }

  @Override
  public void onException(HttpServerExchange exchange, Sender sender, IOException failure) {
    exchange.getIoThread().execute(() -> end(exchange));
  }

  // From here on, all runs on the I/O thread of the connection.

  private void begin(HttpServerExchange exchange) {
    StreamSourceChannel body = RequestBody.channel(exchange);
    XnioExecutor.Key deadline =
        exchange.getIoThread().executeAfter(() -> end(exchange), LONGEST_SECONDS, TimeUnit.SECONDS);
    body.getReadSetter()
        .set(channel -> {
          if (isAtEnd(exchange, channel)) {
            deadline.remove();
            end(exchange);
          }
        });
    body.resumeReads();
  }

  private boolean isAtEnd(HttpServerExchange exchange, StreamSourceChannel body) {
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

  private void end(HttpServerExchange exchange) {
    if (!over) {
      over = true;
      IoUtils.safeClose(exchange.getConnection());
      exchange.endExchange();
    }
  }
}
