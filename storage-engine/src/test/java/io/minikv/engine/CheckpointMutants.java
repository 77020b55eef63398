package io.minikv.engine;

import java.util.List;

/** Mistakes in the making of checkpoints. */
final class CheckpointMutants {

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "makes a checkpoint without what is in the active segment",
              "CHECKPOINT",
              "checkpoint/Checkpointer.java",
              "    pipeline.roll();\n",
              ""),
          new Mutant(
              "lets the log of a checkpoint go on in a shared segment",
              "CHECKPOINT",
              "checkpoint/Checkpointer.java",
              "    entries.add(addEmptySegment(copy, manifest, number));\n",
              ""),
          new Mutant(
              "does not force the mark of an unfinished checkpoint",
              "CHECKPOINT",
              "checkpoint/StoreCopy.java",
              "      marker.force();\n      disk.forceDirectory();\n",
              ""));

  private CheckpointMutants() {}
}
