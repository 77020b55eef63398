package io.minikv.engine.io;

import java.util.Arrays;

/**
 * The changing bytes of a simulated file. Starts from a content whose pages it shares until it
 * writes to them.
 *
 * <p>Bytes can be put beyond the size; they show when the size grows over them, as on a disk that
 * has the data but not yet the size. Not thread-safe.
 */
final class PagedBytes {

  private long size;
  private int pageCount;
  private Page[] shared;
  private byte[][] own;

  PagedBytes(FileContent content) {
    size = content.size();
    pageCount = content.pageCount();
    shared = new Page[pageCount];
    own = new byte[pageCount][];
    for (int i = 0; i < pageCount; i++) {
      shared[i] = content.page(i);
    }
  }

  long size() {
    return size;
  }

  /** Makes it at least so long. */
  void grow(long newSize) {
    ensurePages(newSize);
    size = Math.max(size, newSize);
  }

  /** Makes it at most so long; what was beyond is zeros from now on. */
  void truncate(long newSize) {
    for (long at = newSize; at < (long) pageCount * Page.BYTES; ) {
      int index = (int) (at / Page.BYTES);
      int from = (int) (at % Page.BYTES);
      if (from == 0) {
        shared[index] = Page.ZEROS;
        own[index] = null;
      } else {
        Arrays.fill(writable(index), from, Page.BYTES, (byte) 0);
      }
      at += Page.BYTES - from;
    }
    size = Math.min(size, newSize);
  }

  /** Stores bytes without a change of the size. */
  void put(long position, byte[] source, int offset, int length) {
    ensurePages(position + length);
    int done = 0;
    while (done < length) {
      int from = (int) ((position + done) % Page.BYTES);
      int count = Math.min(length - done, Page.BYTES - from);
      byte[] page = writable((int) ((position + done) / Page.BYTES));
      System.arraycopy(source, offset + done, page, from, count);
      done += count;
    }
  }

  void get(long position, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length) {
      int from = (int) ((position + done) % Page.BYTES);
      int count = Math.min(length - done, Page.BYTES - from);
      byte[] page = bytes((int) ((position + done) / Page.BYTES));
      System.arraycopy(page, from, target, offset + done, count);
      done += count;
    }
  }

  /** What it holds now, up to its size. Later changes go to copies. */
  FileContent freeze() {
    int count = pagesFor(size);
    Page[] pages = new Page[count];
    for (int i = 0; i < count; i++) {
      byte[] bytes = own[i];
      if (bytes != null) {
        shared[i] = new Page(bytes);
        own[i] = null;
      }
      pages[i] = shared[i];
    }
    int used = (int) (size % Page.BYTES);
    if (used != 0) {
      pages[count - 1] = withZerosFrom(pages[count - 1], used);
    }
    return new FileContent(size, pages);
  }

  private static Page withZerosFrom(Page page, int from) {
    byte[] bytes = page.bytes();
    if (Arrays.equals(bytes, from, Page.BYTES, Page.ZEROS.bytes(), from, Page.BYTES)) {
      return page;
    }
    return new Page(Arrays.copyOf(Arrays.copyOf(bytes, from), Page.BYTES));
  }

  private byte[] bytes(int index) {
    return own[index] != null ? own[index] : shared[index].bytes();
  }

  private byte[] writable(int index) {
    if (own[index] == null) {
      own[index] = shared[index].bytes().clone();
    }
    return own[index];
  }

  private void ensurePages(long end) {
    int needed = pagesFor(end);
    if (needed > shared.length) {
      int capacity = Math.max(needed, Math.min(shared.length * 2, shared.length + 1024));
      shared = Arrays.copyOf(shared, capacity);
      own = Arrays.copyOf(own, capacity);
    }
    for (; pageCount < needed; pageCount++) {
      shared[pageCount] = Page.ZEROS;
    }
  }

  private static int pagesFor(long bytes) {
    return Math.toIntExact((bytes + Page.BYTES - 1) / Page.BYTES);
  }
}
