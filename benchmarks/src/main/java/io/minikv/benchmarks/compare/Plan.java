package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.kit.Scale;
import io.minikv.benchmarks.peer.Setup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How much is done; the same for every store, and handed on to the processes that do it. */
final class Plan {

  private static final int MOST_OPERATIONS = 2_000_000;
  private static final int MOST_WRITES_BEFORE_KILL = 100_000;

  @Mixin Scale scale = new Scale();

  @Option(
      names = "--operations",
      description = "Operations a thread (default: as many as keys, 2,000,000 at the most).")
  int operations;

  @Option(
      names = "--seconds",
      description = "Reads go on at least that long (default: ${DEFAULT-VALUE}).",
      defaultValue = "2")
  double seconds;

  @Option(
      names = "--durable-seconds",
      description = "Durable puts go on that long (default: ${DEFAULT-VALUE}).",
      defaultValue = "5")
  double durableSeconds;

  @Option(
      names = "--warm-up-keys",
      description = "The size of the store to warm up with (default: ${DEFAULT-VALUE}).",
      defaultValue = "100000")
  int warmUpKeys;

  @Option(
      names = "--distribution",
      description =
          "How keys are drawn in YCSB A, B, C and F, ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}); uniform elsewhere.",
      defaultValue = "zipfian")
  Picks.Distribution distribution = Picks.Distribution.ZIPFIAN;

  @Option(
      names = "--phases",
      description = "What to measure, ${COMPLETION-CANDIDATES} (default: everything).",
      split = ",")
  Work[] works = Work.values();

  /** Operations of each thread. */
  int operations() {
    return operations > 0 ? operations : Math.min(scale.keys, MOST_OPERATIONS);
  }

  /** How many new keys are written before a process is killed. */
  int writesBeforeKill() {
    return Math.min(scale.keys, MOST_WRITES_BEFORE_KILL);
  }

  Entries entries() {
    return new Entries(scale.keyBytes, scale.valueBytes);
  }

  /** How a store of that many keys is opened in a directory. */
  Setup setup(Path directory, int keys, boolean durable) {
    return setup(directory, keys, durable, false);
  }

  /** The same of a store to warm up with. */
  Setup rehearsal(Path directory, int keys) {
    return setup(directory, keys, false, true);
  }

  private Setup setup(Path directory, int keys, boolean durable, boolean rehearsal) {
    long entries = (long) keys + writesBeforeKill();
    return new Setup(directory, entries, scale.keyBytes, scale.valueBytes, durable, rehearsal);
  }

  /** It as arguments of another process. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.add("--keys=" + scale.keys);
    arguments.add("--key-bytes=" + scale.keyBytes);
    arguments.add("--value-bytes=" + scale.valueBytes);
    arguments.add("--operations=" + operations());
    arguments.add("--seconds=" + seconds);
    arguments.add("--durable-seconds=" + durableSeconds);
    arguments.add("--warm-up-keys=" + warmUpKeys);
    arguments.add("--distribution=" + distribution);
    for (Work work : works) {
      arguments.add("--phases=" + work);
    }
    return arguments;
  }
}
