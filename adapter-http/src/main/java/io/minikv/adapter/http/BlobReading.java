package io.minikv.adapter.http;

import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Value;
import io.minikv.domain.ValueReader;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/**
 * {@code GET} and {@code HEAD} of a blob. Values of up to 64 KiB are answered on the I/O thread;
 * longer ones are streamed from a worker thread, from one version from beginning to end.
 */
final class BlobReading {

  private static final int MAX_INLINE_BYTES = 64 << 10;
  private static final HttpString NO_SNIFF = HttpString.tryFromString("X-Content-Type-Options");

  private final KeyValueStore store;
  private final Replies replies;
  private final StreamedReplies streams;

  BlobReading(KeyValueStore store, Replies replies, StreamedReplies streams) {
    this.store = store;
    this.replies = replies;
    this.streams = streams;
  }

  void head(HttpServerExchange exchange) {
    Request request = Request.of(exchange);
    EntryInfo info = store.info(request.key()).orElseThrow(() -> absent(request));
    if (begin(exchange, request, info)) {
      exchange.setResponseContentLength(info.valueLength());
      replies.empty(exchange, StatusCodes.OK);
    }
  }

  void get(HttpServerExchange exchange) {
    Request request = Request.of(exchange);
    EntryInfo info = store.info(request.key()).orElseThrow(() -> absent(request));
    if (info.valueLength() > MAX_INLINE_BYTES) {
      exchange.dispatch(streams.boundary().around(worker -> stream(worker, request)));
    } else {
      // It may have been overwritten since: what counts from here on is what this finds.
      Entry entry = store.get(request.key()).orElseThrow(() -> absent(request));
      if (begin(exchange, request, entry.info())) {
        sendWhole(exchange, entry);
      }
    }
  }

  private void sendWhole(HttpServerExchange exchange, Entry entry) {
    Value value = entry.value();
    switch (range(exchange, entry.info())) {
      case ByteRange.Whole _ -> replies.send(exchange, StatusCodes.OK, value.asByteBuffer());
      case ByteRange.Part part -> {
        preparePart(exchange, entry.info(), part);
        ByteBuffer bytes = value.asByteBuffer().slice((int) part.first(), (int) part.length());
        replies.send(exchange, StatusCodes.PARTIAL_CONTENT, bytes);
      }
      case ByteRange.Unsatisfiable _ -> throw unsatisfiable(entry.info());
    }
  }

  private void stream(HttpServerExchange exchange, Request request) {
    ValueReader reader = store.openReader(request.key()).orElseThrow(() -> absent(request));
    boolean handedOver = false;
    try {
      if (begin(exchange, request, reader.info())) {
        PieceSource source = source(exchange, reader);
        handedOver = true;
        streams.send(exchange, source);
      }
    } finally {
      if (!handedOver) {
        reader.close();
      }
    }
  }

  private static PieceSource source(HttpServerExchange exchange, ValueReader reader) {
    EntryInfo info = reader.info();
    return switch (range(exchange, info)) {
      case ByteRange.Whole _ -> {
        exchange.setResponseContentLength(info.valueLength());
        yield new ValueSource(reader, 0, info.valueLength());
      }
      case ByteRange.Part part -> {
        preparePart(exchange, info, part);
        exchange.setStatusCode(StatusCodes.PARTIAL_CONTENT);
        exchange.setResponseContentLength(part.length());
        yield new ValueSource(reader, part.first(), part.length());
      }
      case ByteRange.Unsatisfiable _ -> throw unsatisfiable(info);
    };
  }

  /**
   * Decides the conditions and sets the headers of a response; false when it has been answered
   * already.
   */
  private boolean begin(HttpServerExchange exchange, Request request, EntryInfo info) {
    Preconditions.Outcome outcome = request.preconditions().check(info);
    if (outcome == Preconditions.Outcome.FAILED) {
      throw new ProblemException(StoreProblems.conditionFailed(Optional.of(info.version())));
    }
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.ETAG, EntityTags.of(info.version()));
    headers.put(Headers.LAST_MODIFIED, HttpDates.format(info.writtenAt()));
    if (outcome == Preconditions.Outcome.NOT_MODIFIED) {
      replies.empty(exchange, StatusCodes.NOT_MODIFIED);
      return false;
    }
    StoredHeaders.intoResponse(info.attributes(), headers);
    headers.put(Headers.ACCEPT_RANGES, "bytes");
    headers.put(NO_SNIFF, "nosniff");
    return true;
  }

  private static ByteRange range(HttpServerExchange exchange, EntryInfo info) {
    HeaderMap headers = exchange.getRequestHeaders();
    return exchange.getRequestMethod().equals(Methods.GET)
        ? ByteRange.parse(
            headers.getFirst(Headers.RANGE),
            headers.getFirst(Headers.IF_RANGE),
            info.version(),
            info.valueLength())
        : new ByteRange.Whole();
  }

  private static void preparePart(
      HttpServerExchange exchange, EntryInfo info, ByteRange.Part part) {
    exchange.getResponseHeaders().put(Headers.CONTENT_RANGE, part.contentRange(info.valueLength()));
  }

  private static ProblemException absent(Request request) {
    return new ProblemException(
        request.preconditions().requirePresence()
            ? StoreProblems.conditionFailed(Optional.empty())
            : StoreProblems.notFound());
  }

  private static ProblemException unsatisfiable(EntryInfo info) {
    return new ProblemException(
        Problem.of(
                416,
                "range-not-satisfiable",
                "Range not satisfiable",
                "The blob has " + info.valueLength() + " bytes: the range lies outside of it.")
            .with("Content-Range", "bytes */" + info.valueLength()));
  }

  /** What a read asks for. */
  private record Request(Key key, Preconditions preconditions) {

    static Request of(HttpServerExchange exchange) {
      RequestTarget target = RequestContext.of(exchange).target();
      Query.parse(target, Set.of());
      return new Request(BlobPath.keyOf(target), Preconditions.of(exchange.getRequestHeaders()));
    }
  }
}
