package io.minikv.engine.recovery;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.io.Disk;
import java.io.IOException;

/** Files that a full disk can do without: they only repeat what the segments hold. */
enum SpareFiles {
  /** The next opening makes them again, or the compaction of their segments. */
  KEY_FILES("key files") {
    @Override
    boolean includes(String name) {
      return FileNames.isOfKeys(name);
    }
  },
  /** Without one an opening reads all records, which takes longer: so they go last. */
  INDEX_SNAPSHOTS("index snapshots") {
    @Override
    boolean includes(String name) {
      return FileNames.isSnapshot(name);
    }
  };

  private final String description;

  SpareFiles(String description) {
    this.description = description;
  }

  abstract boolean includes(String name);

  /** Removes them; returns whether there were any. */
  boolean remove(Disk disk) throws IOException {
    boolean removed = false;
    for (String name : disk.list()) {
      if (includes(name)) {
        disk.delete(name);
        removed = true;
      }
    }
    return removed;
  }

  /** What an operator is told about the removal. */
  String finding() {
    return "The disk is full: the "
        + description
        + " were removed to open the store. They are made again when there is space.";
  }
}
