package io.minikv.engine.io;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An open file, or directory, that no interrupt can close.
 *
 * <p>A {@link java.nio.channels.FileChannel} is closed for everybody when one thread that uses it
 * is interrupted. An {@link AsynchronousFileChannel} is not. Its reads and writes run on an
 * executor; the one given to it here runs them at once, in the calling thread, so that they are
 * done when they return.
 */
final class UninterruptibleChannel implements Closeable {

  /**
   * The JDK copies a heap buffer into a direct one that it keeps per thread: this bounds its size.
   */
  private static final int LARGEST_TRANSFER_BYTES = 1 << 20;

  private final AsynchronousFileChannel channel;

  private UninterruptibleChannel(AsynchronousFileChannel channel) {
    this.channel = channel;
  }

  static UninterruptibleChannel open(Path path, OpenOption... options) throws IOException {
    return new UninterruptibleChannel(
        AsynchronousFileChannel.open(path, Set.of(options), new CallingThread()));
  }

  long size() throws IOException {
    return channel.size();
  }

  /** Reads until the target is full or the file ends; returns how many bytes. */
  int read(long position, ByteBuffer target) throws IOException {
    int total = 0;
    while (target.hasRemaining()) {
      ByteBuffer part = nextPart(target);
      int count = await(channel.read(part, position + total));
      if (count < 0) {
        break;
      }
      target.position(target.position() + count);
      total += count;
    }
    return total;
  }

  /** Writes all of the source; when that fails, its position tells how much was written. */
  void write(long position, ByteBuffer source) throws IOException {
    long at = position;
    while (source.hasRemaining()) {
      int count = await(channel.write(nextPart(source), at));
      if (count <= 0) {
        throw new EOFException("the file took no more bytes at " + at);
      }
      source.position(source.position() + count);
      at += count;
    }
  }

  /** Makes the bytes, and what is needed to find them, durable. */
  void forceData() throws IOException {
    channel.force(false);
  }

  void forceAll() throws IOException {
    channel.force(true);
  }

  void truncate(long size) throws IOException {
    channel.truncate(size);
  }

  /** Locks the whole file; null when another process holds the lock. */
  @Nullable FileLock tryLock() throws IOException {
    return channel.tryLock();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static ByteBuffer nextPart(ByteBuffer buffer) {
    int longest = buffer.isDirect() ? Integer.MAX_VALUE : LARGEST_TRANSFER_BYTES;
    return buffer.slice(buffer.position(), Math.min(buffer.remaining(), longest));
  }

  private static int await(Future<Integer> done) throws IOException {
    if (done.state() == Future.State.SUCCESS) {
      return done.resultNow();
    }
    Throwable failure = done.exceptionNow();
    if (failure instanceof IOException e) {
      throw e;
    }
    throw new IOException(failure);
  }

  /** Runs every task at once, where it is submitted. There is nothing to shut down. */
  private static final class CallingThread extends AbstractExecutorService {

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }
}
