package io.minikv.engine;

import java.util.List;

/** Mistakes in index snapshots and in opening with them. */
final class SnapshotMutants {

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "does not force a snapshot before it is renamed",
              "CRASH",
              "snapshot/SnapshotWriter.java",
              "    file.force();\n",
              ""),
          new Mutant(
              "does not force the log before a snapshot gets its name",
              "SNAPSHOTS",
              "snapshot/Snapshots.java",
              "      pipeline.flush();\n      directory.publishSnapshot(sequence);",
              "      directory.publishSnapshot(sequence);"),
          new Mutant(
              "copies shards as they are, and not as they were",
              "SNAPSHOTS",
              "index/IndexCopy.java",
              "    if (shard < next) {\n",
              "    if (shard >= 0) {\n"),
          new Mutant(
              "covers records that are not visible yet",
              "SNAPSHOTS",
              "snapshot/Snapshots.java",
              "    if (firstUnpublished == Location.NONE\n",
              "    if (firstUnpublished >= Location.NONE\n"),
          new Mutant(
              "keeps entries of segments that are gone",
              "CRASH",
              "snapshot/SegmentFilter.java",
              "    return live[at];",
              "    return at >= 0;"),
          new Mutant(
              "does not read what was written behind a snapshot",
              "CRASH",
              "recovery/CatchUp.java",
              "covered == null ? SegmentHeader.LENGTH : covered.coveredEnd()",
              "covered == null ? SegmentHeader.LENGTH : segment.end()"));

  private SnapshotMutants() {}
}
