package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import org.xnio.channels.StreamSourceChannel;

/** The body of a request as a channel, which Undertow gives away only once. */
final class RequestBody {

  private static final AttachmentKey<StreamSourceChannel> KEY =
      AttachmentKey.create(StreamSourceChannel.class);

  private RequestBody() {}

  /** The channel, wherever reading stands. */
  static StreamSourceChannel channel(HttpServerExchange exchange) {
    StreamSourceChannel channel = exchange.getAttachment(KEY);
    if (channel == null) {
      channel = exchange.getRequestChannel();
      exchange.putAttachment(KEY, channel);
    }
    return channel;
  }
}
