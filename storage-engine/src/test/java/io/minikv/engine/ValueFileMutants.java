package io.minikv.engine;

import java.util.List;

/** Mistakes in how value files come and go. */
final class ValueFileMutants {

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "names a value file that is not durable",
              "CRASH",
              "values/StagedFile.java",
              "    position += end.length;\n    file.force();\n",
              "    position += end.length;\n"),
          new Mutant(
              "does not force the directory after beginning a value file",
              "CRASH",
              "values/ValueFiles.java",
              "        disk.forceDirectory();\n",
              ""),
          new Mutant(
              "removes a value file as soon as its record is dead",
              "CRASH",
              "values/ValueFiles.java",
              "      file.dead = true;\n",
              "      try { removeIfThere(fileNumber); } catch (IOException e) { }\n"),
          new Mutant(
              "removes a value file that a cursor can still read",
              "COMPACTION",
              "compaction/CompactionGroup.java",
              "input.retire(() -> store.table().values().release(input.fileNumber()));",
              "input.retire(() -> { }); store.table().values().release(input.fileNumber());"),
          new Mutant(
              "removes a value file whose record was moved",
              "COMPACTION",
              "compaction/CompactionOutput.java",
              "    if (head.isExternal()) {\n",
              "    if (head.isExternal() && head.keyLength() == 0) {\n"),
          new Mutant(
              "keeps value files that nothing names",
              "CRASH",
              "recovery/ValueFileSweep.java",
              "        removable.add(name);\n        return;\n",
              "        return;\n"));

  private ValueFileMutants() {}
}
