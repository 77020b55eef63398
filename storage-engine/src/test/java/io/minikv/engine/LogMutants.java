package io.minikv.engine;

import java.util.List;

/** Mistakes in the log, its recovery and its compaction. */
final class LogMutants {

  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "acknowledges before the force",
              "CRASH",
              "commit/WriteSequencer.java",
              "      write.waitsFor(log.unforced());\n",
              ""),
          new Mutant(
              "makes writes visible before they are durable",
              "FAULT",
              "commit/WriteSequencer.java",
              "    unpublished.add(write);\n",
              "    publish(write);\n    unpublished.add(write);\n"),
          new Mutant(
              "takes a failed force for a successful one",
              "FAULT",
              "segment/Log.java",
              "throw new LogFailedException(\"Forcing the log to disk failed\", e);",
              "return;"),
          new Mutant(
              "leaves part of a refused batch in the log of a full disk",
              "FULL",
              "commit/WriteSequencer.java",
              "      log.cutBack(start);\n",
              ""),
          new Mutant(
              "ignores a short write",
              "FAULT",
              "segment/SegmentWriter.java",
              "      segment.file().write(offset, ByteBuffer.wrap(frame));",
              "      try { segment.file().write(offset, ByteBuffer.wrap(frame)); } catch (IOException e) { }"),
          new Mutant(
              "does not force the directory after creating a segment",
              "CRASH",
              "segment/SegmentWriter.java",
              "      disk.forceDirectory();\n",
              ""),
          new Mutant(
              "does not force the directory after renaming the MANIFEST",
              "CRASH",
              "segment/ManifestFile.java",
              "    disk.forceDirectory();\n",
              ""),
          new Mutant(
              "does not force the MANIFEST before renaming it",
              "CRASH",
              "segment/ManifestFile.java",
              "      file.force();\n",
              ""),
          new Mutant(
              "writes the MANIFEST in place",
              "CRASH",
              "segment/ManifestFile.java",
              "    disk.rename(FileNames.MANIFEST_TEMPORARY, FileNames.MANIFEST);\n",
              """
                  if (!disk.exists(FileNames.MANIFEST)) {
                    disk.rename(FileNames.MANIFEST_TEMPORARY, FileNames.MANIFEST);
                  } else {
                    try (DiskFile file = disk.open(FileNames.MANIFEST, Disk.Access.READ_WRITE)) {
                      file.write(0, ByteBuffer.wrap(manifest.encode()));
                      file.truncate(manifest.encode().length);
                      file.force();
                    }
                  }
              """),
          new Mutant(
              "rolls without forcing the old segment",
              "CRASH",
              "segment/Log.java",
              "      active.force(durableOffset, active.position());\n    } catch",
              "      if (active.position() < 0) { throw new IOException(); }\n    } catch"),
          new Mutant(
              "claims in a watermark what is not durable",
              "CRASH",
              "segment/Log.java",
              "active.appendWatermark(lastSequence, durableOffset, seal);",
              "active.appendWatermark(lastSequence, active.position(), seal);"),
          new Mutant(
              "cuts damage before the watermark as if it were a torn tail",
              "DAMAGE",
              "recovery/LogTail.java",
              "durable = Math.max(durable, highestWatermark(segment, scan.end, contentEnd));",
              "durable = scan.watermark;"),
          new Mutant(
              "accepts a torn batch",
              "CRASH",
              "recovery/LogTail.java",
              "if (!frames.head().continues()) {",
              "if (frames.nextOffset() > 0) {"),
          new Mutant(
              "trusts what was read of a tail that may not be durable",
              "FAULT",
              "recovery/LogTail.java",
              "long durableEnd = followed ? end : Math.max(durable, from);",
              "long durableEnd = end;"),
          new Mutant(
              "does not force the copy of a recovered tail",
              "CRASH",
              "recovery/LogEnds.java",
              "    copy.force(SegmentHeader.LENGTH, copy.position());\n",
              ""),
          new Mutant(
              "hands out sequence numbers again after a crash",
              "CRASH",
              "recovery/Recovery.java",
              "Math.max(manifest.sequence(), replay.highestSequence())",
              "replay.highestSequence()"),
          new Mutant(
              "takes the order of files for that of writes",
              "CRASH",
              "recovery/Replay.java",
              "former.sequence() >= version",
              "former.sequence() < 0"),
          new Mutant(
              "does not check the checksum of a head",
              "DAMAGE",
              "format/FrameHead.java",
              "    return stored\n",
              "    return stored == stored || stored\n"),
          new Mutant(
              "does not check the checksum of a value",
              "CRASH",
              "segment/CheckedBlocks.java",
              "Checksum.of(block, from, length) != (checksum ^ identity.mask(position))",
              "length < 0"),
          new Mutant(
              "does not check the checksum of a value that was read with its head",
              "DAMAGE",
              "format/FrameHead.java",
              "    if (!isStoredIntact(bytes, at, file, offset)) {\n",
              "    if (file.mask(offset) != file.mask(offset)) {\n"));

  private LogMutants() {}
}
