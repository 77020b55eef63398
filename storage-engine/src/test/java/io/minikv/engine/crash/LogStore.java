package io.minikv.engine.crash;

import io.minikv.engine.io.Disk;
import io.minikv.engine.io.Disk.Access;
import io.minikv.engine.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The smallest durable store, numbers in a log, with mistakes on demand: what the harness is tried
 * on. A record is a number and its checksum; a file begins with records that were there when it was
 * written anew.
 */
final class LogStore implements AutoCloseable {

  /** What can be done wrong. */
  enum Mistake {
    NO_FORCE,
    NO_DIRECTORY_FORCE,
    NO_FORCE_BEFORE_RENAME,
    REWRITTEN_IN_PLACE,
    NO_CHECKSUM,
    FORCE_RETRIED
  }

  private static final int RECORD_BYTES = 16;

  private final Disk disk;
  private final Set<Mistake> mistakes;
  private final List<Long> numbers = new ArrayList<>();
  private DiskFile log;
  private boolean failed;

  private LogStore(Disk disk, Set<Mistake> mistakes) {
    this.disk = disk;
    this.mistakes = mistakes;
  }

  static LogStore open(Disk disk, Set<Mistake> mistakes) throws IOException {
    LogStore store = new LogStore(disk, mistakes);
    if (disk.exists("log")) {
      store.log = disk.open("log", Access.READ_WRITE);
      store.recover();
    } else {
      store.log = disk.create("log");
      store.forceNames();
    }
    return store;
  }

  private void recover() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) log.size());
    log.read(0, bytes);
    bytes.flip();
    while (bytes.remaining() >= RECORD_BYTES) {
      long number = bytes.getLong();
      long checksum = bytes.getLong();
      if (checksum != checksum(number) && !mistakes.contains(Mistake.NO_CHECKSUM)) {
        break;
      }
      numbers.add(number);
    }
    log.truncate((long) numbers.size() * RECORD_BYTES);
    log.force();
  }

  List<Long> numbers() {
    return List.copyOf(numbers);
  }

  void append(long number) throws IOException {
    if (failed) {
      throw new IOException("failed before");
    }
    failed = true;
    log.write((long) numbers.size() * RECORD_BYTES, record(number));
    force();
    numbers.add(number);
    failed = false;
  }

  private void force() throws IOException {
    if (mistakes.contains(Mistake.NO_FORCE)) {
      return;
    }
    try {
      log.force();
    } catch (IOException e) {
      if (!mistakes.contains(Mistake.FORCE_RETRIED)) {
        throw e;
      }
      log.force();
    }
  }

  /** Writes the log anew, without its first half. */
  void compact() throws IOException {
    if (failed) {
      throw new IOException("failed before");
    }
    List<Long> kept = numbers.subList(numbers.size() / 2, numbers.size());
    failed = true;
    if (mistakes.contains(Mistake.REWRITTEN_IN_PLACE)) {
      writeAll(log, kept);
      log.truncate((long) kept.size() * RECORD_BYTES);
      log.force();
    } else {
      replaceLog(kept);
    }
    numbers.subList(0, numbers.size() / 2).clear();
    failed = false;
  }

  private void replaceLog(List<Long> kept) throws IOException {
    if (disk.exists("log.new")) {
      disk.delete("log.new");
    }
    DiskFile next = disk.create("log.new");
    writeAll(next, kept);
    if (!mistakes.contains(Mistake.NO_FORCE_BEFORE_RENAME)) {
      next.force();
    }
    disk.rename("log.new", "log");
    forceNames();
    log.close();
    log = next;
  }

  private void writeAll(DiskFile file, List<Long> all) throws IOException {
    for (int i = 0; i < all.size(); i++) {
      file.write((long) i * RECORD_BYTES, record(all.get(i)));
    }
  }

  private void forceNames() throws IOException {
    if (!mistakes.contains(Mistake.NO_DIRECTORY_FORCE)) {
      disk.forceDirectory();
    }
  }

  private static ByteBuffer record(long number) {
    return ByteBuffer.allocate(RECORD_BYTES).putLong(number).putLong(checksum(number)).flip();
  }

  private static long checksum(long number) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    return crc.getValue() + 1;
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
