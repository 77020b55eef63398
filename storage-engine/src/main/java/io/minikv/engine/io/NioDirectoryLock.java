package io.minikv.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lock of the operating system on a whole file, which ends with the process.
 *
 * <p>Such a lock belongs to the process and the file, not to the channel: when the process closes
 * <em>any</em> channel on the file, the lock is gone, and nobody is told. So a file that this
 * process has locked must not be opened in it again, by whatever instance. That is a fact about the
 * process, and {@link #HELD} is the one static registry that says so.
 */
final class NioDirectoryLock implements DirectoryLock {

  /**
   * The text of the holder, by the real path of each lock file that this process has open. Guarded
   * by itself.
   */
  private static final Map<Path, String> HELD = new HashMap<>();

  private static final int LONGEST_HOLDER_BYTES = 4096;

  private final Path realPath;
  private final UninterruptibleChannel channel;

  /** Guarded by {@link #HELD}. */
  private boolean closed;

  private NioDirectoryLock(Path realPath, UninterruptibleChannel channel) {
    this.realPath = realPath;
    this.channel = channel;
  }

  /** Takes the lock on a file of a directory given by its real path. */
  static NioDirectoryLock take(Path realDirectory, String name, String holder) throws IOException {
    Path file = realDirectory.resolve(name);
    synchronized (HELD) {
      Path realPath = Files.exists(file) ? file.toRealPath() : file;
      String other = HELD.get(realPath);
      if (other != null) {
        throw new DirectoryLockedException(other);
      }
      NioDirectoryLock lock = open(realPath, holder);
      HELD.put(realPath, holder);
      return lock;
    }
  }

  /** Whether this process has the file open as a lock. */
  static boolean isHeld(Path realPath) {
    synchronized (HELD) {
      return HELD.containsKey(realPath);
    }
  }

  private static NioDirectoryLock open(Path path, String holder) throws IOException {
    UninterruptibleChannel channel =
        UninterruptibleChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      if (tryLock(channel, path) == null) {
        throw new DirectoryLockedException(readHolder(channel));
      }
      channel.truncate(0);
      channel.write(0, ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)));
      taken = true;
      return new NioDirectoryLock(path, channel);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static @Nullable FileLock tryLock(UninterruptibleChannel channel, Path path)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      throw new IOException(path + " is locked by other code of this process", e);
    }
  }

  private static String readHolder(UninterruptibleChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(LONGEST_HOLDER_BYTES);
    channel.read(0, text);
    return StandardCharsets.UTF_8.decode(text.flip()).toString();
  }

  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      if (!closed) {
        closed = true;
        // Closing the channel gives the lock back; nobody may open the file before that.
        channel.close();
        HELD.remove(realPath);
      }
    }
  }
}
