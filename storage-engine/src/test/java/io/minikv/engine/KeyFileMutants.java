package io.minikv.engine;

import java.util.List;

/** Mistakes in key files. */
final class KeyFileMutants {

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "uses a block of a key file though its checksum does not fit",
              "KEYS",
              "format/KeyBlock.java",
              "    return LittleEndian.getInt(block, checksumAt)\n",
              "    return checksumAt > 0 || LittleEndian.getInt(block, checksumAt)\n"),
          new Mutant(
              "uses a page of a filter though its checksum does not fit",
              "KEYS",
              "keyfile/KeyFile.java",
              "    if (LittleEndian.getInt(bytes, checksumAt)\n",
              "    if (checksumAt < 0 && LittleEndian.getInt(bytes, checksumAt)\n"),
          new Mutant(
              "loses the entry at which a block of a key file ends",
              "KEYS",
              "keyfile/KeyFileCursor.java",
              "    if (index + 1 < entries) {\n",
              "    if (index + 2 < entries) {\n"),
          new Mutant(
              "looks for a key in the block that begins with it only",
              "KEYS",
              "keyfile/KeyTree.java",
              "if (order < 0 || (orSame && order == 0)) {",
              "if (order <= 0) {"),
          new Mutant(
              "takes another block below the root for the one that was read before",
              "KEYS",
              "keyfile/KeyTree.java",
              "byte[] known = belowRoot.get(entry);",
              "byte[] known = belowRoot.get(0);"),
          new Mutant(
              "sorts keys in memory with the oldest version of a key first",
              "KEYS",
              "keyfile/KeyOrder.java",
              "Long.compare(right.sequence(), left.sequence())",
              "Long.compare(left.sequence(), right.sequence())"),
          new Mutant(
              "loses the last entry when it packs keys in memory",
              "SCANS",
              "keyfile/SortedRun.java",
              "new int[numbers.length + other.numbers.length]",
              "new int[Math.max(1, numbers.length + other.numbers.length - 1)]"),
          new Mutant(
              "looks for a key behind the fence that follows it",
              "SCANS",
              "keyfile/Fences.java",
              "Math.max(0, ((fences(key, false) - 1) << STEP_BITS) + 1)",
              "Math.min(entries, fences(key, false) << STEP_BITS)"),
          new Mutant(
              "uses a key file that was made when the segment ended elsewhere",
              "KEYS",
              "keyfile/KeyFile.java",
              "    if (footer().segmentEnd() != segment.end()) {\n",
              "    if (footer().segmentEnd() < 0) {\n"),
          new Mutant(
              "takes a tombstone in a key file for a put at an opening",
              "CRASH",
              "recovery/Replay.java",
              "entry.isTombstone() ? null : live(",
              "entry.sequence() < 0 ? null : live("));

  private KeyFileMutants() {}
}
