package io.minikv.testkit;

import io.minikv.domain.Entry;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.ValueReader;
import java.nio.ByteBuffer;

/** Reads an entry that never changes. */
final class InMemoryValueReader extends Handle implements ValueReader {

  private final Entry entry;

  InMemoryValueReader(InMemoryKeyValueStore store, Entry entry) {
    super(store, "reader");
    this.entry = entry;
  }

  @Override
  public EntryInfo info() {
    return entry.info();
  }

  @Override
  public int read(long position, ByteBuffer target) {
    checkOpen();
    int length = entry.value().length();
    if (position < 0 || position > length) {
      throw new InvalidRequestException(
          "The position " + position + " lies outside the value, which has " + length + " bytes.");
    }
    if (position == length) {
      return -1;
    }
    int from = (int) position;
    int count = Math.min(length - from, target.remaining());
    target.put(entry.value().asByteBuffer().slice(from, count));
    return count;
  }
}
