package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/**
 * One body that is sent in pieces. Pieces are made on a worker thread; while the client is slow no
 * thread waits. The source is closed in the end, whatever that is: all was sent, the client went
 * away or stopped reading, the source failed.
 *
 * <p>It is never run twice at a time: a worker either goes on or leaves it to the I/O thread, which
 * wakes the next one.
 */
final class StreamedReply implements Runnable {

  private final HttpServerExchange exchange;
  private final PieceSource source;
  private final ErrorBoundary boundary;
  private final StallTimer timer;
  private Optional<ByteBuffer> piece = Optional.empty();
  private @Nullable StreamSinkChannel channel;
  private boolean allWritten;
  private volatile boolean abandoned;

  StreamedReply(
      HttpServerExchange exchange,
      PieceSource source,
      ErrorBoundary boundary,
      Duration stalledTransfer) {
    this.exchange = exchange;
    this.source = source;
    this.boundary = boundary;
    this.timer = new StallTimer(exchange, stalledTransfer, this::abandon);
  }

  /** Goes on until the client has to be waited for, or all is done. */
  @Override
  public void run() {
    try {
      if (writeAll()) {
        end();
        exchange.endExchange();
      }
    } catch (Exception | StackOverflowError | LinkageError | OutOfMemoryError failure) {
      end();
      boundary.fail(exchange, failure);
    }
  }

  /**
   * Writes and flushes what there is, and says whether that was all; if not, the client is waited
   * for.
   */
  private boolean writeAll() throws IOException {
    while (!allWritten && nextPiece()) {
      StreamSinkChannel sink = channel();
      ByteBuffer bytes = piece.orElseThrow();
      while (bytes.hasRemaining()) {
        if (sink.write(bytes) == 0) {
          awaitWritable(sink);
          return false;
        }
      }
    }
    StreamSinkChannel sink = channel();
    if (!allWritten) {
      allWritten = true;
      sink.shutdownWrites();
    }
    if (!sink.flush()) {
      awaitWritable(sink);
      return false;
    }
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

  private void awaitWritable(StreamSinkChannel sink) {
    sink.getWriteSetter().set(this::onWritable);
    timer.restart();
    sink.resumeWrites();
  }

  // ---- on the I/O thread, while no worker is at it

  private void onWritable(StreamSinkChannel sink) {
    sink.suspendWrites();
    if (abandoned) {
      return;
    }
    timer.pause();
    try {
      exchange.getConnection().getWorker().execute(this);
    } catch (RejectedExecutionException _) {
      // The server ends, and nobody is left to go on.
      abandon();
    }
  }

  private void abandon() {
    abandoned = true;
    IoUtils.safeClose(exchange.getConnection());
    end();
    exchange.endExchange();
  }

  private void end() {
    timer.stop();
    source.close();
  }
}
