package io.minikv.engine;

import java.util.List;

/** Mistakes in scans. */
final class ScanMutants {

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "shows what was written after a cursor was opened",
              "SCANS",
              "read/KeyMerge.java",
              "source.entry().sequence() <= view.sequence()",
              "source.entry().sequence() > 0"),
          new Mutant(
              "shows keys that were deleted",
              "SCANS",
              "read/FoundKey.java",
              "segment != null && !tombstone",
              "segment != null"),
          new Mutant(
              "shows the first version of a key that it meets, which is the oldest one backwards",
              "SCANS",
              "read/FoundKey.java",
              "if (entry.sequence() > sequence) {",
              "if (segment == null) {"),
          new Mutant(
              "ends a scan where a key file is damaged",
              "SCANS",
              "read/KeyMerge.java",
              """
                      keyFiles.reportDamage(damaged.segment(), damaged.run(), e);
                      opened = false;
              """,
              "        sources.clear();\n        return false;\n"),
          new Mutant(
              "leaves out a key when it goes on without a damaged key file",
              "SCANS",
              "read/KeyMerge.java",
              "source.begin(last.toByteArray(), true)",
              "source.begin(last.toByteArray(), false)"));

  private ScanMutants() {}
}
