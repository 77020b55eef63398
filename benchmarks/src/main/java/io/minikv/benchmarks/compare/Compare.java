package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.kit.Child;
import io.minikv.benchmarks.kit.Scratch;
import io.minikv.benchmarks.peer.PeerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The same work on this store and its peers, in turns, each in a JVM of its own. */
@Command(
    name = "compare",
    description = "The same work on MiniKV and other stores, each in a JVM of its own, in turns.")
public final class Compare implements Callable<Integer> {

  private static final Path LARGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  /**
   * So that the heap grows no further than it must. A young generation as large as the heap allows
   * is made of memory that nobody has touched yet, and on a virtual machine the first touch of each
   * page is what a phase then measures.
   */
  private static final String YOUNG_GENERATION = "-XX:MaxNewSize=256m";

  @Mixin private Plan plan = new Plan();

  @Option(
      names = "--stores",
      description = "Which ones, ${COMPLETION-CANDIDATES} (default: all).",
      split = ",")
  private PeerKind[] stores = PeerKind.values();

  @Option(
      names = "--rounds",
      description = "How often each store has its turn; medians are printed (default: 3).",
      defaultValue = "3")
  private int rounds;

  @Option(
      names = "--heap",
      description = "The greatest heap of each process (default: ${DEFAULT-VALUE}).",
      defaultValue = "4g")
  private String heap = "";

  @Option(names = "--jvm-flag", description = "One more flag for each process.")
  private List<String> moreFlags = List.of();

  @Option(
      names = "--json",
      description = "A file that all figures are written to, after each turn.")
  private @Nullable Path json;

  @Option(names = "--charts", description = "A directory that a chart is written to, as SVG.")
  private @Nullable Path charts;

  @Override
  public Integer call() throws IOException {
    List<String> flags = flags();
    Results results = new Results();
    boolean isComplete = true;
    for (int round = 1; round <= rounds; round++) {
      for (PeerKind store : stores) {
        System.err.printf("round %d of %d: %s%n", round, rounds, store.title());
        isComplete &= takeTurn(store, flags, results);
        if (json != null) {
          new JsonReport(plan, List.of(stores), flags, results).write(json);
        }
      }
    }
    Report report = new Report(plan, List.of(stores), rounds, flags, results);
    report.print();
    if (charts != null) {
      Files.createDirectories(charts);
      Path chart =
          charts.resolve(
              "compare-%d-keys-%d-bytes.svg".formatted(plan.scale.keys, plan.scale.valueBytes));
      Files.writeString(chart, report.chart().svg());
    }
    return isComplete ? 0 : 1;
  }

  /** A turn that fails costs its figures, not those of the others. */
  private boolean takeTurn(PeerKind store, List<String> flags, Results results) {
    try (Scratch scratch = new Scratch(plan.scale.directory)) {
      new Turn(plan, store, scratch.directory("turn"), flags).run(results);
      return true;
    } catch (IOException e) {
      System.err.printf("%s failed, this round lacks figures of it: %s%n", store.title(), e);
      return false;
    }
  }

  /** The same for every store. */
  private List<String> flags() throws IOException {
    List<String> flags = new ArrayList<>(List.of("-Xms64m", "-Xmx" + heap, YOUNG_GENERATION));
    if (Files.isReadable(LARGE_PAGES) && !Files.readString(LARGE_PAGES).contains("[never]")) {
      flags.add("-XX:+UseTransparentHugePages");
    }
    flags.addAll(moreFlags);
    return flags;
  }

  /** One store's turn in a round. */
  private record Turn(Plan plan, PeerKind store, Path root, List<String> flags) {

    void run(Results results) throws IOException {
      if (wants(Work.Step.WORK) || wants(Work.Step.REOPEN) || wants(Work.Step.KILL)) {
        work(results);
      }
      if (wants(Work.Step.REOPEN)) {
        Child.Figures opened = step(StoreStep.Action.REOPEN);
        if (opened.get(StoreStep.LOST) > 0) {
          throw new IOException(store.title() + " lost entries over a clean close.");
        }
        results.add(store, Work.REOPEN, opened.get(StoreStep.SECONDS));
      }
      if (wants(Work.Step.KILL)) {
        Child.killAfter(StoreStep.ACKNOWLEDGED, flags, arguments(StoreStep.Action.BE_KILLED));
        Child.Figures opened = step(StoreStep.Action.RECOVER);
        results.add(store, Work.REOPEN_KILLED, opened.get(StoreStep.SECONDS));
        results.add(store, Work.LOST, opened.get(StoreStep.LOST));
      }
      if (wants(Work.Step.DURABLE)) {
        tell(results, step(StoreStep.Action.DURABLE));
      }
    }

    private void work(Results results) throws IOException {
      Child.Figures told = step(StoreStep.Action.WORK);
      tell(results, told);
      if (wants(Work.MEMORY)) {
        double grown = told.get(Work.MEMORY.id()) - told.get(StoreStep.BYTES_BEFORE);
        results.add(store, Work.MEMORY, grown / plan.scale.keys);
      }
      if (wants(Work.DISK)) {
        double bytes = Scratch.allocatedBytes(root.resolve("store"));
        results.add(store, Work.DISK, bytes / plan.scale.keys);
      }
    }

    private void tell(Results results, Child.Figures told) {
      for (Work work : plan.works) {
        if (work.unit() == Work.Unit.PER_SECOND) {
          told.find(work.id()).ifPresent(figure -> results.add(store, work, figure));
        }
      }
    }

    private boolean wants(Work work) {
      return Arrays.asList(plan.works).contains(work) && work.fits(store);
    }

    private boolean wants(Work.Step step) {
      return Arrays.stream(plan.works).anyMatch(work -> work.step() == step && work.fits(store));
    }

    private Child.Figures step(StoreStep.Action action) throws IOException {
      return Child.run(flags, arguments(action));
    }

    private List<String> arguments(StoreStep.Action action) {
      List<String> arguments =
          new ArrayList<>(List.of("compare-step", store.name(), action.name(), root.toString()));
      arguments.addAll(plan.arguments());
      return arguments;
    }
  }
}
