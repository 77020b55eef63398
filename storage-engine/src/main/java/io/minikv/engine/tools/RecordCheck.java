package io.minikv.engine.tools;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Frame;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.StoreId;
import io.minikv.engine.io.Disk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.values.ValueFile;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.util.Optional;

/** Whether records are whole, with their values, wherever those are. For one thread. */
final class RecordCheck {

  private final Disk disk;
  private final ValueFiles values;
  private final byte[] block = new byte[Frame.BLOCK_LENGTH];

  RecordCheck(Disk disk, StoreId store) {
    this.disk = disk;
    this.values = new ValueFiles(disk, store);
  }

  /**
   * Whether a record names a value file that is not there. That is damage in a live record alone:
   * opening a store removes the files of dead ones.
   */
  boolean lacksValueFile(FrameHead head) throws IOException {
    return head.isExternal() && !disk.exists(FileNames.value(head.valueFile()));
  }

  /** What is wrong with a record whose head is intact; nothing when it is whole. */
  Optional<String> problem(FrameFile frames, long offset, FrameHead head) throws IOException {
    Optional<String> inFrame = frames.valueProblem(offset, head);
    if (inFrame.isPresent() || !head.isExternal()) {
      return inFrame;
    }
    try (ValueFile file = open(head)) {
      for (int at = 0; at < head.valueLength(); at += block.length) {
        file.read(at, block, Math.min(block.length, head.valueLength() - at));
      }
      return Optional.empty();
    } catch (DamagedSegmentException e) {
      return Optional.of("has its value in " + e.getMessage());
    }
  }

  /** The value file of a record. */
  ValueFile open(FrameHead head) throws IOException {
    return values.open(head.valueFile(), head.key(), head.valueLength());
  }
}
