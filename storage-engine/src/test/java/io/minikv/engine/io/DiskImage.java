package io.minikv.engine.io;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What a disk holds while the machine is off: names and bytes. Never changes; images share the
 * bytes that they have in common, so that hundreds of thousands of them are cheap.
 */
public final class DiskImage {

  private final SortedMap<String, FileContent> files;
  private final SimulatedDisk.Properties properties;
  private final long contentHash;

  DiskImage(Map<String, FileContent> files, SimulatedDisk.Properties properties) {
    this.files = new TreeMap<>(files);
    this.properties = properties;
    long hash = files.size();
    for (Map.Entry<String, FileContent> file : this.files.entrySet()) {
      hash = FileContent.mix(hash, file.getKey().hashCode());
      hash = FileContent.mix(hash, file.getValue().hash());
    }
    contentHash = hash;
  }

  /** The names of all files. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeMap<>(files).navigableKeySet());
  }

  /** A copy of all bytes of a file. */
  public byte[] bytes(String name) {
    FileContent content = files.get(name);
    if (content == null) {
      throw new IllegalArgumentException("no file " + name + " in " + names());
    }
    return content.toBytes();
  }

  /**
   * The same for images with the same names and bytes, and for others only by a chance of 1 in
   * 2^64.
   */
  public long contentHash() {
    return contentHash;
  }

  /** The same with these bytes as the content of a file. */
  public DiskImage with(String name, byte[] bytes) {
    Map<String, FileContent> changed = new TreeMap<>(files);
    changed.put(name, FileContent.of(bytes));
    return new DiskImage(changed, properties);
  }

  /** The same without a file. */
  public DiskImage without(String name) {
    Map<String, FileContent> changed = new TreeMap<>(files);
    changed.remove(name);
    return new DiskImage(changed, properties);
  }

  Map<String, FileContent> files() {
    return files;
  }

  SimulatedDisk.Properties properties() {
    return properties;
  }

  /** Names and sizes. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("image");
    files.forEach(
        (name, content) -> text.append(' ').append(name).append(':').append(content.size()));
    return text.toString();
  }
}
