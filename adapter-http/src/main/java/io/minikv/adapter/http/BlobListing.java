package io.minikv.adapter.http;

import io.minikv.domain.KeyValueStore;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * {@code GET} and {@code HEAD} of all blobs: a JSON array of keys in order, as of one moment, sent
 * while it is read. A key whose bytes are not UTF-8 stands in it as an object, see {@link KeyJson}.
 */
final class BlobListing {

  private final KeyValueStore store;
  private final Json json;
  private final StreamedReplies streams;

  BlobListing(KeyValueStore store, Json json, StreamedReplies streams) {
    this.store = store;
    this.json = json;
    this.streams = streams;
  }

  void list(HttpServerExchange exchange) {
    ListingRequest request = ListingRequest.parse(RequestContext.of(exchange).target());
    exchange.dispatch(streams.boundary().around(worker -> send(worker, request)));
  }

  private void send(HttpServerExchange exchange, ListingRequest request) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, Replies.JSON_TYPE);
    PieceSource source =
        exchange.getRequestMethod().equals(Methods.HEAD)
            ? new Nothing()
            : new KeyArraySource(store.scan(request.range(), request.options()), json);
    streams.send(exchange, source);
  }

  /** The body of a response that has none, but the headers of one that has. */
  private record Nothing() implements PieceSource {

    @Override
    public Optional<ByteBuffer> next() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
