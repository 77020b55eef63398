package io.minikv.engine.crash;

import io.minikv.engine.io.DiskListener;
import io.minikv.engine.io.DiskSnapshot;
import io.minikv.engine.io.Operation;
import io.minikv.engine.io.OperationType;
import io.minikv.engine.io.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Records a snapshot of the disk, and the history, before and after each operation that changes the
 * disk.
 */
final class CrashTrace<H> implements DiskListener, Consumer<H> {

  /**
   * A moment at which the power can go.
   *
   * @param name the number of the operation and whether before or after it
   * @param historyNumber the same for the same history
   */
  record Moment<H>(
      String name, String description, DiskSnapshot snapshot, H history, int historyNumber) {}

  private final SimulatedDisk disk;
  private final List<Moment<H>> moments = new ArrayList<>();
  private final Map<OperationType, Long> operations = new TreeMap<>();
  private boolean diskChanged = true;
  private int recordedHistory = -1;

  private H history;
  private int historyNumber;

  CrashTrace(SimulatedDisk disk, H history) {
    this.disk = disk;
    this.history = history;
  }

  @Override
  public synchronized void accept(H next) {
    if (!Objects.equals(next, history)) {
      history = next;
      historyNumber++;
    }
  }

  @Override
  public synchronized void before(Operation operation) {
    operations.merge(operation.type(), 1L, Long::sum);
    if (operation.type().changesDisk()) {
      record(operation.number() + "-before", "before " + operation);
    }
  }

  @Override
  public synchronized void after(Operation operation) {
    if (operation.type().changesDisk()) {
      diskChanged = true;
      record(operation.number() + "-after", "after " + operation);
    }
  }

  /**
   * Records the last moment. The history is taken before the disk, as other threads may go on: what
   * is acknowledged must be on the disk, not the other way round. No lock is held while the disk's
   * is taken, as the listener is called with that one held.
   */
  void end() {
    H lastHistory;
    int lastNumber;
    synchronized (this) {
      lastHistory = history;
      lastNumber = historyNumber;
    }
    DiskSnapshot snapshot = disk.snapshot();
    synchronized (this) {
      moments.add(new Moment<>("end", "at the end", snapshot, lastHistory, lastNumber));
    }
  }

  /** Leaves out a moment that is the same as the last one. */
  private void record(String name, String description) {
    if (diskChanged || recordedHistory != historyNumber) {
      moments.add(new Moment<>(name, description, disk.snapshot(), history, historyNumber));
      diskChanged = false;
      recordedHistory = historyNumber;
    }
  }

  synchronized List<Moment<H>> moments() {
    return List.copyOf(moments);
  }

  synchronized Map<OperationType, Long> operations() {
    return new TreeMap<>(operations);
  }
}
