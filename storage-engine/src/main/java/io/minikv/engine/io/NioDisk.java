package io.minikv.engine.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A directory of the operating system's file system.
 *
 * <p>Needs a system where a directory can be opened and forced, such as Linux. Thread-safe; nothing
 * here is ended by an interrupt.
 */
public final class NioDisk implements Disk {

  /**
   * Where a page that has its space once keeps it while it is written through a mapping. Others
   * give out new blocks when a page is written (Btrfs, ZFS, bcachefs), or tell about errors late
   * (NFS, FUSE), and a store has no way to fail.
   */
  private static final Set<String> SAFE_FOR_MAPPED_STORES =
      Set.of("ext2", "ext3", "ext4", "xfs", "tmpfs");

  private final Path directory;
  private final FileStore store;
  private final boolean writable;
  private final NioOpenFiles openFiles = new NioOpenFiles();

  private NioDisk(Path directory, FileStore store, boolean writable) {
    this.directory = directory;
    this.store = store;
    this.writable = writable;
  }

  /**
   * Opens a directory.
   *
   * @param create whether to create it, durably and with its parents, where it is missing
   * @throws IOException saying why, when there is no such directory or it cannot be written
   */
  public static NioDisk open(Path directory, boolean create) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    if (Files.notExists(absolute)) {
      if (!create) {
        throw new NoSuchFileException(absolute + " does not exist");
      }
      createDurably(absolute);
    }
    return openExisting(absolute);
  }

  /**
   * Opens a directory to look at its files. Where this user cannot write, its lock is not taken:
   * nobody like him can have a store open there.
   *
   * @throws IOException saying why, when there is no such directory or it cannot be read
   */
  public static NioDisk openToRead(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    if (Files.notExists(absolute)) {
      throw new NoSuchFileException(absolute + " does not exist");
    }
    Path real = realPath(absolute);
    if (!Files.isDirectory(real)) {
      throw new NotDirectoryException(absolute + " is a file; a directory is needed");
    }
    if (!Files.isReadable(real) || !Files.isExecutable(real)) {
      throw new AccessDeniedException(
          absolute + " cannot be read by this user; its permissions are in the way");
    }
    FileStore store = Files.getFileStore(real);
    return new NioDisk(real, store, !store.isReadOnly() && Files.isWritable(real));
  }

  private static NioDisk openExisting(Path directory) throws IOException {
    Path real = realPath(directory);
    if (!Files.isDirectory(real)) {
      throw new NotDirectoryException(directory + " is a file; a directory is needed");
    }
    FileStore store = Files.getFileStore(real);
    if (store.isReadOnly()) {
      throw new IOException(directory + " is on a read-only file system");
    }
    if (!Files.isReadable(real) || !Files.isWritable(real) || !Files.isExecutable(real)) {
      throw new AccessDeniedException(
          directory + " cannot be read and written by this user; its permissions are in the way");
    }
    return new NioDisk(real, store, true);
  }

  private static Path realPath(Path directory) throws IOException {
    try {
      return directory.toRealPath();
    } catch (AccessDeniedException e) {
      throw accessDenied(directory + " cannot be reached by this user", e);
    }
  }

  /** Creates a directory and its parents. The name of each is made durable in the one above. */
  private static void createDurably(Path directory) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path path = directory; path != null && Files.notExists(path); path = path.getParent()) {
      missing.addFirst(path);
    }
    try {
      for (Path path : missing) {
        Files.createDirectories(path);
        Path parent = path.getParent();
        if (parent != null) {
          forceDirectory(parent);
        }
      }
    } catch (AccessDeniedException e) {
      throw accessDenied(directory + " cannot be created by this user", e);
    } catch (IOException e) {
      throw new IOException(directory + " cannot be created: " + e, e);
    }
  }

  private static AccessDeniedException accessDenied(String message, AccessDeniedException cause) {
    AccessDeniedException e = new AccessDeniedException(message);
    e.initCause(cause);
    return e;
  }

  @Override
  public String describe() {
    return directory.toString();
  }

  @Override
  public List<String> list() throws IOException {
    return names(Files::isRegularFile);
  }

  @Override
  public List<String> directories() throws IOException {
    return names(Files::isDirectory);
  }

  private List<String> names(Predicate<Path> isWanted) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (isWanted.test(entry)) {
          names.add(entry.getFileName().toString());
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  @Override
  public boolean exists(String name) throws IOException {
    try {
      return Files.readAttributes(path(name), BasicFileAttributes.class).isRegularFile();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return openFiles.opened(path(name), path -> file(name, Access.READ_WRITE, createNew(path)));
  }

  private UninterruptibleChannel createNew(Path path) throws IOException {
    try {
      return UninterruptibleChannel.open(
          path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw DiskErrors.translate(e, store);
    }
  }

  @Override
  public DiskFile open(String name, Access access) throws IOException {
    return openFiles.opened(path(name), path -> file(name, access, openExisting(path, access)));
  }

  private static UninterruptibleChannel openExisting(Path path, Access access) throws IOException {
    if (NioDirectoryLock.isHeld(path)) {
      // Closing it again would drop the lock.
      throw new AccessDeniedException(path + " is the lock file of an open store");
    }
    return access == Access.READ
        ? UninterruptibleChannel.open(path, StandardOpenOption.READ)
        : UninterruptibleChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private NioFile file(String name, Access access, UninterruptibleChannel channel) {
    return new NioFile(openFiles, store, name, access, channel);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Path source = path(from);
    Path target = path(to);
    try {
      openFiles.renamed(
          source, target, () -> Files.move(source, target, StandardCopyOption.ATOMIC_MOVE));
    } catch (IOException e) {
      throw DiskErrors.translate(e, store);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path path = path(name);
    openFiles.deleted(path, () -> Files.delete(path));
  }

  @Override
  public void link(String name, Path otherDirectory) throws IOException {
    try {
      Files.createLink(otherDirectory.resolve(PlainName.require(name)), path(name));
    } catch (UnsupportedOperationException e) {
      throw new IOException("the file system of " + directory + " has no links", e);
    } catch (IOException e) {
      throw DiskErrors.translate(e, store);
    }
  }

  @Override
  public Disk emptyDirectory(Path other) throws IOException {
    NioDisk disk = open(other, true);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(disk.directory)) {
      if (entries.iterator().hasNext()) {
        throw new DirectoryNotEmptyException(disk.directory.toString());
      }
    }
    return disk;
  }

  @Override
  public void forceDirectory() throws IOException {
    try {
      forceDirectory(directory);
    } catch (IOException e) {
      throw DiskErrors.translate(e, store);
    }
  }

  private static void forceDirectory(Path directory) throws IOException {
    try (UninterruptibleChannel channel =
        UninterruptibleChannel.open(directory, StandardOpenOption.READ)) {
      channel.forceAll();
    }
  }

  @Override
  public long freeBytes() throws IOException {
    return store.getUsableSpace();
  }

  @Override
  public boolean hasSafeMappedStores() {
    return SAFE_FOR_MAPPED_STORES.contains(store.type());
  }

  @Override
  public DirectoryLock lock(String name, String holder) throws IOException {
    if (!writable) {
      return () -> {};
    }
    return NioDirectoryLock.take(directory, PlainName.require(name), holder);
  }

  private Path path(String name) {
    return directory.resolve(PlainName.require(name));
  }
}
