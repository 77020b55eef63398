package io.minikv.engine.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One directory of a file system, with just what the engine needs of it and the promises that the
 * engine rests on. Everything the engine does to a disk goes through here, so that tests can put a
 * simulated one in its place that loses power at any moment.
 *
 * <p><b>What is durable.</b> The bytes of a file are durable after {@link DiskFile#force()} or
 * {@link Mapping#force}; before that a power cut keeps any part of what was written, in any order,
 * in units of a sector. The names in the directory (created, renamed, deleted, linked) are durable
 * after {@link #forceDirectory()}; before that a power cut keeps any of those changes. A process
 * that ends loses nothing that was written.
 *
 * <p><b>Interrupts.</b> No call is ended by an interrupt of its thread, and none closes a file
 * because of one; the interrupt status is kept.
 *
 * <p><b>Errors.</b> Every failure is an {@link IOException}; a full disk is a {@link
 * DiskFullException}. After a failed force it is unknown what is durable, and a second force that
 * succeeds proves nothing.
 *
 * <p>Thread-safe.
 */
public interface Disk {

  /** Where it is, for messages. */
  String describe();

  /** The names of all regular files in the directory, in no order. */
  List<String> list() throws IOException;

  /** The names of all directories in the directory, in no order. */
  List<String> directories() throws IOException;

  /** Whether there is a file of that name. */
  boolean exists(String name) throws IOException;

  /**
   * Creates a file and opens it for reading and writing.
   *
   * @throws IOException when the name is taken
   */
  DiskFile create(String name) throws IOException;

  /** Opens an existing file, for reading or for both. */
  DiskFile open(String name, Access access) throws IOException;

  /**
   * Gives a file another name in one step, in place of a file that has it. Files that are open stay
   * open.
   */
  void rename(String from, String to) throws IOException;

  /** Removes a name. A file that is open, or mapped, stays readable until it is closed. */
  void delete(String name) throws IOException;

  /**
   * Makes a file visible under the same name in another directory as well, without a copy.
   *
   * @throws IOException when the file system cannot, as across devices
   */
  void link(String name, Path otherDirectory) throws IOException;

  /**
   * Another directory, for files of its own. It is created, durably and with its parents, where it
   * is missing.
   *
   * @throws java.nio.file.DirectoryNotEmptyException when it holds anything
   * @throws IOException saying why, when it cannot be made or written
   */
  Disk emptyDirectory(Path directory) throws IOException;

  /** Makes all earlier changes of names durable. */
  void forceDirectory() throws IOException;

  /** How many more bytes can be written by this process, as the file system tells. */
  long freeBytes() throws IOException;

  /**
   * Whether stores through a mapping into allocated space can never fail for lack of space. Where
   * not, files are written by {@link DiskFile#write} only.
   */
  boolean hasSafeMappedStores();

  /**
   * Takes the lock of the directory, which no other process and no other store of this process can
   * hold at the same time.
   *
   * @param name the name of the lock file, created if missing
   * @param holder text that tells others who holds it
   * @throws DirectoryLockedException when it is held, with the holder's text
   */
  DirectoryLock lock(String name, String holder) throws IOException;

  /** What an opened file may be used for. */
  enum Access {
    /** Reading only. */
    READ,
    /** Reading and writing. */
    READ_WRITE
  }
}
