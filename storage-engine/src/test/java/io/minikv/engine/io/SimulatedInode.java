package io.minikv.engine.io;

import io.minikv.engine.io.DiskFault.Extent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A file without its names: what everybody sees, what is durable, and what lies between. Guarded by
 * the machine's monitor.
 */
final class SimulatedInode {

  private final PagedBytes live;
  private final PagedBytes durable;
  private final List<PendingChange> pending = new ArrayList<>();
  private FileContent frozenDurable;
  private int handles;
  private int writableMappings;
  private long writableMappedBytes;

  SimulatedInode(FileContent content) {
    live = new PagedBytes(content);
    durable = new PagedBytes(content);
    frozenDurable = content;
  }

  long size() {
    return live.size();
  }

  int read(long position, byte[] target, int offset, int length) {
    int count = Math.clamp(live.size() - position, 0, length);
    live.get(position, target, offset, count);
    return count;
  }

  void write(long order, long position, byte[] bytes) {
    grow(order, position + bytes.length);
    live.put(position, bytes, 0, bytes.length);
    pending.add(new PendingChange.Data(order, position, bytes, false));
  }

  void store(long order, long position, byte[] bytes) {
    live.put(position, bytes, 0, bytes.length);
    pending.add(new PendingChange.Data(order, position, bytes, true));
  }

  void grow(long order, long size) {
    if (size > live.size()) {
      live.grow(size);
      pending.add(new PendingChange.Grow(order, size));
    }
  }

  void truncate(long order, long size) {
    if (size < writableMappedBytes) {
      throw new IllegalStateException(
          "truncated to " + size + " while " + writableMappedBytes + " bytes are mapped to write");
    }
    if (size < live.size()) {
      live.truncate(size);
      pending.add(new PendingChange.Truncate(order, size));
    }
  }

  /**
   * Makes some of the pending changes durable, the oldest first. What is left out is lost, though
   * it stays visible.
   */
  void force(Extent extent) {
    long count = extent.of(pending.size());
    for (int i = 0; i < count; i++) {
      pending.get(i).applyTo(durable);
    }
    pending.clear();
    frozenDurable = null;
  }

  /** The same for the pages of a part of the file only, as far as it can be told apart. */
  void force(long position, long length, Extent extent) {
    if (pending.stream().anyMatch(PendingChange.Truncate.class::isInstance)) {
      force(extent);
      return;
    }
    long from = position / Page.BYTES * Page.BYTES;
    long to = (position + length + Page.BYTES - 1) / Page.BYTES * Page.BYTES;
    long budget = extent.of(pending.size());
    List<PendingChange> left = new ArrayList<>();
    for (int i = 0; i < pending.size(); i++) {
      if (pending.get(i) instanceof PendingChange.Data data) {
        if (i < budget) {
          data.applyTo(durable, from, to);
        }
        addUnlessEmpty(left, data.part(0, from));
        addUnlessEmpty(left, data.part(to, Long.MAX_VALUE));
      } else {
        left.add(pending.get(i));
      }
    }
    if (extent == Extent.ALL) {
      durable.grow(Math.min(position + length, live.size()));
    }
    pending.clear();
    pending.addAll(left);
    frozenDurable = null;
  }

  private static void addUnlessEmpty(List<PendingChange> changes, PendingChange.Data data) {
    if (!data.isEmpty()) {
      changes.add(data);
    }
  }

  FileContent durable() {
    if (frozenDurable == null) {
      frozenDurable = durable.freeze();
    }
    return frozenDurable;
  }

  List<PendingChange> pending() {
    return pending.isEmpty() ? Collections.emptyList() : new ArrayList<>(pending);
  }

  FileContent visible() {
    return live.freeze();
  }

  void opened() {
    handles++;
  }

  void closed() {
    handles--;
  }

  boolean isOpen() {
    return handles > 0;
  }

  void mappedForWriting(long bytes) {
    writableMappedBytes = Math.max(writableMappedBytes, bytes);
    writableMappings++;
  }

  void unmappedForWriting() {
    writableMappings--;
    if (writableMappings == 0) {
      writableMappedBytes = 0;
    }
  }
}
