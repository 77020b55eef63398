package io.minikv.engine.io;

import java.util.Map;

/**
 * A change of a simulated file that is visible but not durable.
 *
 * <p>A write that makes the file longer is two changes with the same order, {@link Grow} before
 * {@link Data}: the disk can have one without the other.
 */
sealed interface PendingChange {

  /** Its place among all changes of the disk. */
  long order();

  void applyTo(PagedBytes bytes);

  /** Bytes. */
  final class Data implements PendingChange {

    private final long order;
    private final long position;
    private final byte[] bytes;
    private final boolean mapped;

    /**
     * Takes the array over.
     *
     * @param mapped whether they were stored through a mapping, and so not even a sector is written
     *     as a whole
     */
    Data(long order, long position, byte[] bytes, boolean mapped) {
      this.order = order;
      this.position = position;
      this.bytes = bytes;
      this.mapped = mapped;
    }

    @Override
    public long order() {
      return order;
    }

    long position() {
      return position;
    }

    long end() {
      return position + bytes.length;
    }

    boolean isMapped() {
      return mapped;
    }

    boolean isEmpty() {
      return bytes.length == 0;
    }

    @Override
    public void applyTo(PagedBytes target) {
      target.put(position, bytes, 0, bytes.length);
    }

    /** Applies the part of it that lies between two positions of the file. */
    void applyTo(PagedBytes target, long from, long to) {
      long first = Math.max(from, position);
      long end = Math.min(to, end());
      if (first < end) {
        target.put(first, bytes, (int) (first - position), (int) (end - first));
      }
    }

    /** The part of it that lies between two positions of the file; may be empty. */
    Data part(long from, long to) {
      long first = Math.clamp(from, position, end());
      long end = Math.clamp(to, first, end());
      byte[] part = new byte[(int) (end - first)];
      System.arraycopy(bytes, (int) (first - position), part, 0, part.length);
      return new Data(order, first, part, mapped);
    }
  }

  /** A greater size. */
  record Grow(long order, long size) implements PendingChange {

    @Override
    public void applyTo(PagedBytes target) {
      target.grow(size);
    }
  }

  /** A smaller size. */
  record Truncate(long order, long size) implements PendingChange {

    @Override
    public void applyTo(PagedBytes target) {
      target.truncate(size);
    }
  }

  /**
   * A change of the names of a directory.
   *
   * @param removed the name that goes; null for none
   * @param added the name that comes, or that means another file now; null for none
   * @param file what it means, null where no name comes
   */
  record Naming<F>(long order, String removed, String added, F file) {

    void applyTo(Map<String, F> names) {
      if (removed != null) {
        names.remove(removed);
      }
      if (added != null) {
        names.put(added, file);
      }
    }
  }
}
