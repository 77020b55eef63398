package io.minikv.engine.io;

import io.minikv.engine.io.DiskFault.Extent;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk in memory that keeps apart what is visible and what is durable, so that it can say what a
 * power cut may leave at any moment, and that fails on demand.
 *
 * <p>Stricter than the port where the engine must not do what it could: a hole left by a write, a
 * mapped store where those are not safe, a truncation below a writable mapping are {@link
 * IllegalStateException}s or {@link IllegalArgumentException}s.
 *
 * <p>Thread-safe: one operation at a time.
 */
public final class SimulatedDisk implements Disk {

  /**
   * What a disk can do.
   *
   * @param capacityBytes how many bytes all files together may have
   * @param safeMappedStores the answer of {@link Disk#hasSafeMappedStores()}
   */
  public record Properties(long capacityBytes, boolean safeMappedStores) {

    /** No limit, and mapped stores. */
    public static final Properties DEFAULT = new Properties(Long.MAX_VALUE, true);
  }

  private final SimulatedMachine machine;
  private final Path path;
  private final Map<String, SimulatedInode> names = new TreeMap<>();
  private final Map<String, SimulatedInode> durableNames = new TreeMap<>();
  private final List<PendingChange.Naming<SimulatedInode>> pendingNames = new ArrayList<>();
  private final Map<String, HeldLock> locks = new HashMap<>();
  private final Set<SimulatedInode> inodes = new HashSet<>();

  private Properties properties;

  /** An empty disk. */
  public SimulatedDisk() {
    this(Properties.DEFAULT);
  }

  /** An empty disk with other properties. */
  public SimulatedDisk(Properties properties) {
    this(new SimulatedMachine(), Path.of("/simulated"), properties);
  }

  private SimulatedDisk(SimulatedMachine machine, Path path, Properties properties) {
    this.machine = machine;
    this.path = path;
    this.properties = properties;
    machine.directories.put(path, this);
  }

  /**
   * The disk of a machine that was started again: all that the image holds is durable, nobody holds
   * a lock.
   */
  public static SimulatedDisk from(DiskImage image) {
    SimulatedDisk disk = new SimulatedDisk(image.properties());
    image
        .files()
        .forEach((name, content) -> {
          SimulatedInode inode = new SimulatedInode(content);
          disk.inodes.add(inode);
          disk.names.put(name, inode);
          disk.durableNames.put(name, inode);
        });
    return disk;
  }

  /**
   * Another directory of the same machine, which files can be linked into. Faults and the listener
   * are those of the machine; an image holds one directory only.
   */
  public SimulatedDisk sibling(Path otherPath) {
    synchronized (machine) {
      SimulatedDisk other = machine.directories.get(otherPath);
      return other != null ? other : new SimulatedDisk(machine, otherPath, properties);
    }
  }

  // What a harness can do with it.

  /** Is told of all operations from now on. */
  public void listen(DiskListener newListener) {
    synchronized (machine) {
      machine.listener = newListener;
    }
  }

  /** Lets an operation fail; counting begins now. */
  public void inject(DiskFault fault) {
    synchronized (machine) {
      machine.faults.arm(fault);
    }
  }

  /** Takes all faults back. */
  public void heal() {
    synchronized (machine) {
      machine.faults.disarm();
    }
  }

  /** How often faults have been injected since the last {@link #heal()}. */
  public long faultsFired() {
    synchronized (machine) {
      return machine.faults.fired();
    }
  }

  /** Makes the disk greater or smaller. */
  public void setCapacity(long capacityBytes) {
    synchronized (machine) {
      properties = new Properties(capacityBytes, properties.safeMappedStores());
    }
  }

  /** How many operations there were. */
  public long operationCount() {
    synchronized (machine) {
      return machine.operations;
    }
  }

  /** From now on every operation fails: nobody can go on who has not noticed the power cut. */
  public void powerOff() {
    synchronized (machine) {
      machine.off = true;
    }
  }

  /** What is durable and what is pending now, to generate crash states from later. Cheap. */
  public DiskSnapshot snapshot() {
    synchronized (machine) {
      return DiskSnapshot.of(durableNames, pendingNames, properties);
    }
  }

  /** What a power cut now may leave. See {@link DiskSnapshot#crashStates}. */
  public List<CrashState> crashStates(Random random, int howMany) {
    return snapshot().crashStates(random, howMany);
  }

  /** What the end of the process leaves: everything that was written, nothing else. */
  public DiskImage processKill() {
    synchronized (machine) {
      Map<String, FileContent> files = new HashMap<>();
      names.forEach((name, inode) -> files.put(name, inode.visible()));
      return new DiskImage(files, properties);
    }
  }

  // The port.

  @Override
  public String describe() {
    return path.toString();
  }

  @Override
  public List<String> list() throws IOException {
    return perform(OperationType.LIST, "", (order, extent) -> List.copyOf(names.keySet()));
  }

  @Override
  public List<String> directories() {
    return List.of(); // Sibling directories lie beside each other.
  }

  @Override
  public boolean exists(String name) throws IOException {
    PlainName.require(name);
    return perform(OperationType.EXISTS, name, (order, extent) -> names.containsKey(name));
  }

  @Override
  public DiskFile create(String name) throws IOException {
    PlainName.require(name);
    return perform(
        OperationType.CREATE,
        name,
        (order, extent) -> {
          if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
          }
          return extent == Extent.ALL
              ? new SimulatedFile(this, createInode(order, name), name, Access.READ_WRITE)
              : null;
        });
  }

  private SimulatedInode createInode(long order, String name) {
    SimulatedInode inode = new SimulatedInode(FileContent.EMPTY);
    inodes.add(inode);
    change(new PendingChange.Naming<>(order, null, name, inode));
    return inode;
  }

  @Override
  public DiskFile open(String name, Access access) throws IOException {
    PlainName.require(name);
    return perform(
        OperationType.OPEN,
        name,
        (order, extent) -> new SimulatedFile(this, existing(name), name, access));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    PlainName.require(from);
    PlainName.require(to);
    perform(
        OperationType.RENAME,
        from + " to " + to,
        (order, extent) -> {
          SimulatedInode inode = existing(from);
          if (extent == Extent.ALL && !from.equals(to)) {
            change(new PendingChange.Naming<>(order, from, to, inode));
          }
          return null;
        });
  }

  @Override
  public void delete(String name) throws IOException {
    PlainName.require(name);
    perform(
        OperationType.DELETE,
        name,
        (order, extent) -> {
          existing(name);
          if (extent == Extent.ALL) {
            change(new PendingChange.Naming<>(order, name, null, null));
          }
          return null;
        });
  }

  @Override
  public void link(String name, Path otherDirectory) throws IOException {
    PlainName.require(name);
    perform(
        OperationType.LINK,
        name,
        (order, extent) -> {
          SimulatedInode inode = existing(name);
          SimulatedDisk other = machine.directories.get(otherDirectory);
          if (other == null) {
            throw new IOException("cannot link to another device: " + otherDirectory);
          }
          if (extent == Extent.ALL) {
            other.adopt(order, name, inode);
          }
          return null;
        });
  }

  private void adopt(long order, String name, SimulatedInode inode) throws IOException {
    if (names.containsKey(name)) {
      throw new FileAlreadyExistsException(name);
    }
    inodes.add(inode);
    change(new PendingChange.Naming<>(order, null, name, inode));
  }

  @Override
  public Disk emptyDirectory(Path directory) throws IOException {
    return perform(
        OperationType.CREATE_DIRECTORY,
        directory.toString(),
        (order, extent) -> {
          SimulatedDisk other = sibling(directory);
          if (!other.names.isEmpty()) {
            throw new DirectoryNotEmptyException(directory.toString());
          }
          return other;
        });
  }

  @Override
  public void forceDirectory() throws IOException {
    perform(
        OperationType.FORCE_DIRECTORY,
        "",
        (order, extent) -> {
          long count = extent.of(pendingNames.size());
          for (int i = 0; i < count; i++) {
            pendingNames.get(i).applyTo(durableNames);
          }
          pendingNames.clear();
          return null;
        });
  }

  @Override
  public long freeBytes() throws IOException {
    return perform(OperationType.FREE_BYTES, "", (order, extent) -> free());
  }

  @Override
  public boolean hasSafeMappedStores() {
    synchronized (machine) {
      return properties.safeMappedStores();
    }
  }

  @Override
  public DirectoryLock lock(String name, String holder) throws IOException {
    PlainName.require(name);
    return perform(
        OperationType.LOCK,
        name,
        (order, extent) -> {
          HeldLock other = locks.get(name);
          if (other != null) {
            throw new DirectoryLockedException(other.holder);
          }
          if (extent != Extent.ALL) {
            return null;
          }
          if (!names.containsKey(name)) {
            createInode(order, name);
          }
          HeldLock lock = new HeldLock(name, holder);
          locks.put(name, lock);
          return lock;
        });
  }

  // What files and mappings need of it.

  Object monitor() {
    return machine;
  }

  /** What an operation does, as far as a fault lets it. */
  interface Action<T> {
    T run(long order, Extent extent) throws IOException;
  }

  private <T> T perform(OperationType type, String file, Action<T> action) throws IOException {
    return perform(type, file, 0, 0, action);
  }

  /** Numbers an operation, tells the listener, and lets it fail if it shall. */
  <T> T perform(OperationType type, String file, long position, long length, Action<T> action)
      throws IOException {
    synchronized (machine) {
      if (machine.off) {
        throw new IOException("the power is off");
      }
      machine.operations++;
      Operation operation = new Operation(machine.operations, type, file, position, length);
      machine.listener.before(operation);
      try {
        DiskFault.Kind failure = machine.faults.failureOf(type);
        if (failure == null) {
          return action.run(++machine.changes, Extent.ALL);
        }
        if (type.changesDisk()) {
          action.run(++machine.changes, failure.extent());
        }
        throw failure.exception(operation);
      } finally {
        machine.listener.after(operation);
      }
    }
  }

  /** How many of the bytes from a position on there is space for. */
  long fitting(SimulatedInode inode, long position, long length) {
    long growth = Math.max(0, position + length - inode.size());
    return growth <= free() ? length : length - growth + free();
  }

  void requireFitted(long fitted, long wanted) throws DiskFullException {
    if (fitted < wanted) {
      throw new DiskFullException("no space left on the simulated disk");
    }
  }

  void requireNamed(SimulatedInode inode, String name) throws NoSuchFileException {
    if (!names.containsValue(inode)) {
      throw new NoSuchFileException(name, null, "was deleted or replaced and cannot be mapped");
    }
  }

  /** Forgets files that nobody can reach any more, so that their space is free. */
  void reclaim() {
    if (inodes.size() > names.size()) { // Else each has its name.
      inodes.removeIf(inode -> !inode.isOpen() && !names.containsValue(inode));
    }
  }

  private long free() {
    if (properties.capacityBytes() == Long.MAX_VALUE) {
      return Long.MAX_VALUE / 2;
    }
    long used = inodes.stream().mapToLong(SimulatedInode::size).sum();
    return Math.max(0, properties.capacityBytes() - used);
  }

  private SimulatedInode existing(String name) throws NoSuchFileException {
    SimulatedInode inode = names.get(name);
    if (inode == null) {
      throw new NoSuchFileException(name);
    }
    return inode;
  }

  private void change(PendingChange.Naming<SimulatedInode> naming) {
    naming.applyTo(names);
    pendingNames.add(naming);
    reclaim();
  }

  /** A lock, until it is closed or the disk is gone. */
  private final class HeldLock implements DirectoryLock {
    private final String name;
    private final String holder;

    private HeldLock(String name, String holder) {
      this.name = name;
      this.holder = holder;
    }

    @Override
    public void close() {
      synchronized (machine) {
        locks.remove(name, this);
      }
    }
  }
}
