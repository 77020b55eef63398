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
                      keyFiles.reportDamage(damaged, e);
                      opened = false;
              """,
              "        sources.clear();\n        return false;\n"),
          new Mutant(
              "leaves out a key when it goes on without a damaged key file",
              "SCANS",
              "read/KeyMerge.java",
              "source.begin(last.toByteArray(), true)",
              "source.begin(last.toByteArray(), false)"),
          new Mutant(
              "shows a view what a merged key file knows that is newer",
              "SCANS",
              "keyfile/MergedFiles.java",
              "known != null && known.keys.highestSequence() <= sequence",
              "known != null"),
          new Mutant(
              "shows what a merged key file tells of segments that the view does not have",
              "SCANS",
              "keyfile/RunSource.java",
              "while (there && segments[cursor.entry().place()] == null) {",
              "while (there && segments.length == 0) {"),
          new Mutant(
              "keeps the first record of a key that it meets when it merges key files",
              "SCANS",
              "keyfile/NewestEntries.java",
              "if (sources.first().entry().sequence() > newest.sequence()) {",
              "if (taken < 0) {"),
          new Mutant(
              "closes a merged key file that a cursor still reads",
              "SCANS",
              "keyfile/MergedKeys.java",
              "if (retired && pins == 0) {",
              "if (retired) {"));

  private ScanMutants() {}
}
