package io.minikv.engine.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Under which name each open file is to be found now. Mapping opens a file a second time, by its
 * name, and names change: without this a file that was renamed could not be mapped, and another one
 * could be mapped in its place.
 */
final class NioOpenFiles {

  private final ReentrantLock naming = new ReentrantLock();
  private final Map<NioFile, Path> paths = new HashMap<>();

  /** Opens a file and remembers its name in one step. */
  NioFile opened(Path path, IoFunction<Path, NioFile> open) throws IOException {
    naming.lock();
    try {
      NioFile file = open.apply(path);
      paths.put(file, path);
      return file;
    } finally {
      naming.unlock();
    }
  }

  void renamed(Path from, Path to, IoAction rename) throws IOException {
    naming.lock();
    try {
      rename.run();
      if (!from.equals(to)) {
        paths.values().removeIf(to::equals);
        paths.replaceAll((file, path) -> path.equals(from) ? to : path);
      }
    } finally {
      naming.unlock();
    }
  }

  void deleted(Path path, IoAction delete) throws IOException {
    naming.lock();
    try {
      delete.run();
      paths.values().removeIf(path::equals);
    } finally {
      naming.unlock();
    }
  }

  /** Does something with the path of a file, which stays its path until that is done. */
  <T> T withPathOf(NioFile file, IoFunction<Path, T> action) throws IOException {
    naming.lock();
    try {
      Path path = paths.get(file);
      if (path == null) {
        throw file.nameless();
      }
      return action.apply(path);
    } finally {
      naming.unlock();
    }
  }

  void forget(NioFile file) {
    naming.lock();
    try {
      paths.remove(file);
    } finally {
      naming.unlock();
    }
  }

  /** A function that may fail. */
  interface IoFunction<A, B> {
    B apply(A argument) throws IOException;
  }

  /** An action that may fail. */
  interface IoAction {
    void run() throws IOException;
  }
}
