package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.kit.Figures;
import io.minikv.benchmarks.peer.PeerKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The figures of all rounds. */
final class Results {

  private final Map<PeerKind, Map<Work, List<Double>>> rounds = new EnumMap<>(PeerKind.class);

  /** Adds the figure of one more round. */
  void add(PeerKind store, Work work, double figure) {
    rounds
        .computeIfAbsent(store, _ -> new EnumMap<>(Work.class))
        .computeIfAbsent(work, _ -> new ArrayList<>())
        .add(figure);
  }

  /** What each round told, in order. */
  List<Double> rounds(PeerKind store, Work work) {
    return List.copyOf(rounds.getOrDefault(store, Map.of()).getOrDefault(work, List.of()));
  }

  /** The middle one of the rounds; nothing when it was not measured. */
  OptionalDouble median(PeerKind store, Work work) {
    List<Double> figures = rounds(store, work);
    return figures.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            Figures.median(figures.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  /** How many times the figure of one store is that of another. */
  OptionalDouble ratio(Work work, PeerKind store, PeerKind reference) {
    OptionalDouble figure = median(store, work);
    OptionalDouble base = median(reference, work);
    return figure.isPresent() && base.isPresent() && base.getAsDouble() != 0
        ? OptionalDouble.of(figure.getAsDouble() / base.getAsDouble())
        : OptionalDouble.empty();
  }
}
