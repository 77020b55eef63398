package io.minikv.engine.io;

import java.util.Arrays;

/** All bytes of a simulated file at one moment; never changes, and shares its pages. */
final class FileContent {

  static final FileContent EMPTY = new FileContent(0, new Page[0]);

  private final long size;
  private final Page[] pages;
  private final long hash;

  /** Takes the array over. Bytes of the last page beyond the size are zeros. */
  FileContent(long size, Page[] pages) {
    this.size = size;
    this.pages = pages;
    long mixed = size;
    for (Page page : pages) {
      mixed = mix(mixed, page.hash());
    }
    this.hash = mixed;
  }

  static FileContent of(byte[] bytes) {
    Page[] pages = new Page[(bytes.length + Page.BYTES - 1) / Page.BYTES];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = new Page(Arrays.copyOfRange(bytes, i * Page.BYTES, (i + 1) * Page.BYTES));
    }
    return new FileContent(bytes.length, pages);
  }

  static long mix(long hash, long next) {
    long mixed = (Long.rotateLeft(hash, 23) ^ next) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }

  long size() {
    return size;
  }

  int pageCount() {
    return pages.length;
  }

  Page page(int index) {
    return pages[index];
  }

  long hash() {
    return hash;
  }

  byte[] toBytes() {
    byte[] all = new byte[Math.toIntExact(size)];
    for (int i = 0; i < pages.length; i++) {
      int from = i * Page.BYTES;
      System.arraycopy(pages[i].bytes(), 0, all, from, Math.min(Page.BYTES, all.length - from));
    }
    return all;
  }
}
