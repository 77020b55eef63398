package io.minikv.adapter.http;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Sends a body that is in memory, and ends the request, or the connection of a client that does not
 * read it.
 */
final class ShortReply implements IoCallback {

  private final StallTimer timer;
  private volatile boolean sent;

  private ShortReply(HttpServerExchange exchange, Duration stalledTransfer) {
    this.timer = StallTimer.cutting(exchange, stalledTransfer);
  }

  static void send(HttpServerExchange exchange, ByteBuffer body, Duration stalledTransfer) {
    ShortReply reply = new ShortReply(exchange, stalledTransfer);
    if (exchange.isRequestComplete()) {
      reply.send(exchange, body);
    } else {
      exchange.setPersistent(false);
      exchange.dispatch(SameThreadExecutor.INSTANCE, () -> reply.send(exchange, body));
    }
  }

  private void send(HttpServerExchange exchange, ByteBuffer body) {
    exchange.getResponseSender().send(body, this);
    if (!sent) {
      timer.restart();
    }
  }

  @Override
  public void onComplete(HttpServerExchange exchange, Sender sender) {
    end();
    if (exchange.isRequestComplete()) {
      exchange.endExchange();
    } else {
      LingeringClose.begin(exchange);
    }
  }

  @Override
  public void onException(HttpServerExchange exchange, Sender sender, IOException failure) {
    end();
    IoCallback.END_EXCHANGE.onException(exchange, sender, failure);
  }

  private void end() {
    sent = true;
    timer.stop();
  }
}
