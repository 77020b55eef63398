package io.minikv.adapter.http;

import io.minikv.domain.ValueWriter;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;

/**
 * One body on its way into the store, piece by piece. A worker thread reads and writes what has
 * come; while the client is slow no thread waits. Whatever ends the request before the writer is
 * committed, nothing stays of what was written.
 *
 * <p>It is never run twice at a time: a worker either goes on or leaves it to the I/O thread, which
 * wakes the next one.
 */
final class StreamedUpload implements Runnable {

  /**
   * What the store may hold in memory of a value before it writes it to the disk, as far as it has
   * come; afterwards much less.
   */
  private static final int MOST_MEMORY_BYTES = 1 << 20;

  private static final int LEAST_MEMORY_BYTES = 128 << 10;

  private final HttpServerExchange exchange;
  private final Supplier<ValueWriter> opening;
  private final long maxBytes;
  private final BodyBudget budget;
  private final ErrorBoundary boundary;
  private final BodyReceiver.Commit commit;
  private final StallTimer timer;
  private @Nullable ValueWriter writer;
  private long reservedBytes;
  private boolean over;

  StreamedUpload(
      HttpServerExchange exchange,
      Supplier<ValueWriter> opening,
      long maxBytes,
      BodyBudget budget,
      Duration stalledTransfer,
      ErrorBoundary boundary,
      BodyReceiver.Commit commit) {
    this.exchange = exchange;
    this.opening = opening;
    this.maxBytes = maxBytes;
    this.budget = budget;
    this.boundary = boundary;
    this.commit = commit;
    this.timer = new StallTimer(exchange, stalledTransfer, this::onStall);
  }

  // ---- on the I/O thread, while no worker is at it

  void begin() {
    boundary.run(
        exchange,
        () -> {
          if (HttpContinue.requiresContinueResponse(exchange)) {
            HttpContinue.sendContinueResponse(exchange, workAfterContinue());
          } else {
            work();
          }
        });
  }

  private IoCallback workAfterContinue() {
    return new IoCallback() {
      @Override
      public void onComplete(HttpServerExchange same, Sender sender) {
        work();
      }

      @Override
      public void onException(HttpServerExchange same, Sender sender, IOException failure) {
        boundary.fail(exchange, failure);
      }
    };
  }

  private void work() {
    try {
      exchange.getConnection().getWorker().execute(this);
    } catch (RejectedExecutionException _) {
      // The server ends, and nobody is left to go on.
      IoUtils.safeClose(exchange.getConnection());
      exchange.endExchange();
    }
  }

  private void onReadable(StreamSourceChannel channel) {
    channel.suspendReads();
    if (!over) {
      timer.pause();
      work();
    }
  }

  private void onStall() {
    over = true;
    RequestBody.channel(exchange).suspendReads();
    end();
    boundary.fail(exchange, BodyReception.stalled());
  }

  /** The request is over, in whatever way: gives back what it holds. */
  void end() {
    timer.stop();
    reserve(0);
    ValueWriter open = writer;
    if (open != null) {
      open.close(); // Nothing happens to what was committed.
    }
  }

  // ---- on a worker thread

  /** Goes on until the client has to be waited for, or all is there. */
  @Override
  public void run() {
    try {
      StreamSourceChannel channel = RequestBody.channel(exchange);
      ValueWriter open = openWriter();
      if (readAvailable(channel, open)) {
        over = true;
        timer.stop();
        commit.commit(open);
      } else {
        channel.getReadSetter().set(this::onReadable);
        timer.restart();
        channel.resumeReads();
      }
    } catch (Exception | StackOverflowError | LinkageError | OutOfMemoryError failure) {
      over = true;
      end();
      exchange.dispatch(exchange.getIoThread(), () -> boundary.fail(exchange, failure));
    }
  }

  private ValueWriter openWriter() {
    ValueWriter open = writer;
    if (open == null) {
      open = opening.get();
      writer = open;
    }
    return open;
  }

  /** Hands on what there is, and says whether it was the last. */
  private boolean readAvailable(StreamSourceChannel channel, ValueWriter open) throws IOException {
    try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
      ByteBuffer piece = pooled.getBuffer();
      while (true) {
        piece.clear();
        int count = channel.read(piece);
        if (count <= 0) {
          return count < 0;
        }
        append(piece.flip(), open);
      }
    }
  }

  private void append(ByteBuffer piece, ValueWriter open) {
    long length = open.length() + piece.remaining();
    if (length > maxBytes) {
      throw new ProblemException(StoreProblems.tooLarge(maxBytes));
    }
    reserve(length <= MOST_MEMORY_BYTES ? length : LEAST_MEMORY_BYTES);
    open.write(piece);
  }

  /** Takes so much of the budget for bodies, in place of what was taken. */
  private void reserve(long bytes) {
    long more = bytes - reservedBytes;
    if (more > 0) {
      budget.reserve(more);
    } else {
      budget.release(-more);
    }
    reservedBytes = bytes;
  }
}
