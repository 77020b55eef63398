package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSinkChannel;

/**
 * Sends a body in pieces. Pieces are made on a worker thread; while the client is slow no thread
 * waits. The source is closed in the end, whatever that is: all was sent, the client went away, or
 * the source failed.
 */
final class StreamedReply implements Runnable {

  private final HttpServerExchange exchange;
  private final PieceSource source;
  private final ErrorBoundary boundary;
  private Optional<ByteBuffer> piece = Optional.empty();
  private @Nullable StreamSinkChannel channel;

  private StreamedReply(HttpServerExchange exchange, PieceSource source, ErrorBoundary boundary) {
    this.exchange = exchange;
    this.source = source;
    this.boundary = boundary;
  }

  /**
   * Sends all of a source; status and headers are set. To be called last in the handler of a
   * request, on a worker thread.
   */
  static void send(HttpServerExchange exchange, PieceSource source, ErrorBoundary boundary) {
    StreamedReply reply = new StreamedReply(exchange, source, boundary);
    exchange.dispatch(exchange.getConnection().getWorker(), reply);
  }

  /** Goes on until the client has to be waited for, or all is done. */
  @Override
  public void run() {
    boolean waits = false;
    try {
      waits = !writeAll();
    } catch (Exception | StackOverflowError | LinkageError | OutOfMemoryError failure) {
      source.close();
      boundary.fail(exchange, failure);
      return;
    }
    if (!waits) {
      source.close();
      exchange.endExchange();
    }
  }

  private boolean writeAll() throws IOException {
    while (nextPiece()) {
      StreamSinkChannel sink = channel();
      ByteBuffer bytes = piece.orElseThrow();
      while (bytes.hasRemaining()) {
        if (sink.write(bytes) == 0) {
          sink.getWriteSetter().set(this::onWritable);
          sink.resumeWrites();
          return false;
        }
      }
    }
    channel();
    return true;
  }

  /** Makes sure that there is something to write, and says whether there is. */
  private boolean nextPiece() {
    if (piece.isEmpty() || !piece.get().hasRemaining()) {
      piece = source.next();
    }
    return piece.isPresent();
  }

  /** Opened after the first piece is there, so that a failure before it can still be told. */
  private StreamSinkChannel channel() {
    StreamSinkChannel open = channel;
    if (open == null) {
      open = exchange.getResponseChannel();
      channel = open;
    }
    return open;
  }

  private void onWritable(StreamSinkChannel sink) {
    sink.suspendWrites();
    exchange.getConnection().getWorker().execute(this);
  }
}
