package io.minikv.engine.recovery;

import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.format.FrameHead;
import io.minikv.engine.format.ValueFileHeader;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.Found;
import io.minikv.engine.io.Disk;
import io.minikv.engine.segment.DamagedSegmentException;
import io.minikv.engine.values.ValueFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Looks, at the opening of a store, which value files the live records name. Changes nothing on the
 * disk.
 *
 * @param removable files that no live record names: they were being written when a crash came, or
 *     their records are dead
 * @param findings files that cannot be told
 */
record ValueFileSweep(List<String> removable, List<String> findings) {

  /** Looks at all value files of a disk, and notes in the table's which ones are named. */
  static ValueFileSweep of(Disk disk, EntryTable table) throws IOException {
    ValueFileSweep sweep = new ValueFileSweep(new ArrayList<>(), new ArrayList<>());
    for (String name : disk.list().stream().sorted().toList()) {
      OptionalLong number = FileNames.valueNumber(name);
      if (number.isPresent()) {
        sweep.examine(name, number.getAsLong(), table);
      }
    }
    return sweep;
  }

  private void examine(String name, long number, EntryTable table) throws IOException {
    try {
      ValueFileHeader header = table.values().header(number);
      Found live = table.find(header.key(), table.hash(header.key()));
      if (live == null || !names(live.intactHead(), number)) {
        removable.add(name);
        return;
      }
      table
          .values()
          .name(
              live.segment().fileNumber(),
              number,
              header.key().length(),
              live.intactHead().valueLength());
    } catch (FormatException e) {
      examineUnreadable(name, number, table.values(), e);
    } catch (DamagedSegmentException e) {
      findings.add(
          name
              + " was left alone: it may be the value of a damaged record ("
              + e.getMessage()
              + ").");
    }
  }

  private static boolean names(FrameHead head, long number) {
    return head.isExternal() && head.valueFile() == number;
  }

  private void examineUnreadable(String name, long number, ValueFiles values, FormatException cause)
      throws IOException {
    if (cause.kind() == FormatException.Kind.DAMAGED && values.isBarelyBegun(number)) {
      removable.add(name);
    } else {
      findings.add(name + " " + cause.getMessage() + ". It was left alone, and is not read.");
    }
  }
}
