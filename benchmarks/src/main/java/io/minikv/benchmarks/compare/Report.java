package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.kit.Figures;
import io.minikv.benchmarks.kit.Table;
import io.minikv.benchmarks.peer.PeerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What a comparison prints.
 *
 * @param stores in the order of the columns
 */
record Report(Plan plan, List<PeerKind> stores, int rounds, List<String> flags, Results results) {

  private static final String NONE = "-";

  /** Prints how it was measured, the figures, their ratios beside the bars, and the stores. */
  void print() {
    IO.println(conditions());
    IO.println();
    figures().print();
    if (stores.contains(PeerKind.MINIKV)) {
      IO.println();
      ratios().print();
    }
    IO.println();
    configurations().print();
  }

  String conditions() {
    return """
    %,d keys of %d bytes, values of %d bytes; %,d operations a thread, reads for at least %s s,\
     YCSB with keys drawn %s; JVM %s with %s; medians of %d round%s in turns.\
    """
        .formatted(
            plan.scale.keys,
            plan.scale.keyBytes,
            plan.scale.valueBytes,
            plan.operations(),
            plan.seconds,
            plan.distribution.name().toLowerCase(Locale.ROOT),
            Runtime.version(),
            String.join(" ", flags),
            rounds,
            rounds == 1 ? "" : "s");
  }

  Table figures() {
    List<String> headings = new ArrayList<>(List.of("work"));
    stores.forEach(store -> headings.add(store.title()));
    Table table = new Table(headings);
    for (Work work : plan.works) {
      List<String> row = new ArrayList<>(List.of(work.title()));
      for (PeerKind store : stores) {
        row.add(text(work, results.median(store, work)));
      }
      table.row(row);
    }
    return table;
  }

  private static String text(Work work, OptionalDouble figure) {
    if (figure.isEmpty()) {
      return NONE;
    }
    double number = figure.getAsDouble();
    return switch (work.unit()) {
      case PER_SECOND -> Figures.rate(number) + "/s";
      case BYTES -> String.format(Locale.ROOT, "%,.1f B", number);
      case SECONDS -> String.format(Locale.ROOT, "%.3f s", number);
      case COUNT -> String.format(Locale.ROOT, "%,.0f", number);
    };
  }

  Table ratios() {
    List<PeerKind> peers = stores.stream().filter(store -> store != PeerKind.MINIKV).toList();
    List<String> headings = new ArrayList<>(List.of("MiniKV : peer"));
    peers.forEach(peer -> headings.add(peer.title()));
    headings.add("bars");
    Table table = new Table(headings);
    for (Work work : plan.works) {
      List<String> row = new ArrayList<>();
      row.add(work.title() + (work.unit() == Work.Unit.PER_SECOND ? "" : " (less is better)"));
      for (PeerKind peer : peers) {
        OptionalDouble ratio = results.ratio(work, PeerKind.MINIKV, peer);
        row.add(ratio.isPresent() ? Figures.number(ratio.getAsDouble()) : NONE);
      }
      row.add(bars(work));
      table.row(row);
    }
    return table;
  }

  private String bars(Work work) {
    return Bar.ALL.stream()
        .filter(bar -> bar.work() == work)
        .map(bar -> bar.text(results, plan.scale.keys))
        .collect(Collectors.joining("; "));
  }

  Table configurations() {
    Table table = new Table("store", "opened with", "promises less");
    for (PeerKind store : stores) {
      table.row(store.title(), store.configuration(), store.caveat());
    }
    return table;
  }

  /** The speeds as bars, a panel for each work. */
  BarChart chart() {
    List<BarChart.Panel> panels = new ArrayList<>();
    for (Work work : plan.works) {
      if (work.unit() == Work.Unit.PER_SECOND) {
        List<BarChart.Bar> bars =
            stores.stream()
                .filter(store -> results.median(store, work).isPresent())
                .map(store -> {
                  OptionalDouble figure = results.median(store, work);
                  return new BarChart.Bar(
                      store.title(),
                      figure.getAsDouble(),
                      text(work, figure),
                      store == PeerKind.MINIKV);
                })
                .toList();
        panels.add(new BarChart.Panel(work.title(), bars));
      }
    }
    String title =
        "Operations a second, %,d keys of %d bytes, values of %d bytes"
            .formatted(plan.scale.keys, plan.scale.keyBytes, plan.scale.valueBytes);
    return new BarChart(title, panels);
  }
}
