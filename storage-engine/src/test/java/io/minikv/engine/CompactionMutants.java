package io.minikv.engine;

import java.util.List;

/** Mistakes in giving space back. */
final class CompactionMutants {

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "removes old segments before the MANIFEST without them is durable",
              "CRASH",
              "compaction/CompactionGroup.java",
              "    replaceInManifest();\n",
              """
                    store.directory().delete(inputs);
                    replaceInManifest();
                    if (listed) {
                      store.table().segments().replace(List.of(), outputs);
                      moveEntries();
                      store.table().segments().replace(inputs, List.of());
                      return;
                    }
              """),
          new Mutant(
              "drops a tombstone while older records of its key are left out",
              "COMPACTION",
              "compaction/TombstoneRule.java",
              "older.mayHold(other, key, hash, version)",
              "version < 0"),
          new Mutant(
              "leaves every tombstone out of a compaction",
              "COMPACTION",
              "compaction/InputRecords.java",
              "!tombstones[i] && !table.isLive(hashes[i], location)",
              "!table.isLive(hashes[i], location)"),
          new Mutant(
              "drops an expired record while older ones of its key are left out",
              "COMPACTION",
              "compaction/CompactionGroup.java",
              "isExpired && tombstones.mayGo(head.key(), hash, head.sequence())",
              "isExpired"),
          new Mutant(
              "does not force the log before it publishes a compaction",
              "CRASH",
              "compaction/CompactionGroup.java",
              "    store.pipeline().flush();\n",
              ""),
          new Mutant(
              "does not force the output of a compaction",
              "CRASH",
              "compaction/CompactionOutput.java",
              "    writer.force(forcedTo, writer.position());\n",
              ""),
          new Mutant(
              "lets a moved record win over one that overwrote it",
              "CRASH",
              "index/EntryTable.java",
              "    if (!index.replace(hash, from, to)) {\n      return false;\n    }\n",
              "    if (!index.replace(hash, from, to)) {\n      index.add(hash, to);\n    }\n"),
          new Mutant(
              "takes the active segment into the order of keys without ending it",
              "CRASH",
              "compaction/GroupChoice.java",
              """
                    store.pipeline().roll();
                    scattered = policy.scattered(weigh(completeSegments()));
              """,
              "      scattered = policy.scattered(weigh(store.table().segments().all()));\n"));

  private CompactionMutants() {}
}
