package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.kit.Figures;
import io.minikv.benchmarks.peer.PeerKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What MiniKV wants to reach in some work. */
sealed interface Bar {

  /** The bars of this project. */
  List<Bar> ALL =
      List.of(
          new AtLeast(Work.LOAD, 3.5, PeerKind.ROCKSDB),
          new AtLeast(Work.HIT, 1.1, PeerKind.CHRONICLE_MAP),
          new AtLeast(Work.HIT, 2.5, PeerKind.LMDB),
          new AtLeast(Work.MISS, 1.4, PeerKind.CHRONICLE_MAP),
          new AtLeast(Work.OVERWRITE, 4, PeerKind.ROCKSDB),
          new AtLeast(Work.YCSB_A, 3, PeerKind.ROCKSDB),
          new AtLeast(Work.YCSB_B, 4, PeerKind.ROCKSDB),
          new AtLeast(Work.YCSB_B, 0.85, PeerKind.CHRONICLE_MAP),
          new AtLeast(Work.SCAN, 1, PeerKind.LMDB),
          new AtLeast(Work.DURABLE_1, 1, PeerKind.ROCKSDB),
          new AtLeast(Work.DURABLE_16, 2, PeerKind.ROCKSDB),
          new AtLeast(Work.DURABLE_64, 3, PeerKind.ROCKSDB),
          new AtMost(Work.REOPEN, 0.1, 1),
          new AtMost(Work.REOPEN_KILLED, 1, 5),
          new AtMost(Work.LOST, 0, 0));

  /** The work that it is about. */
  Work work();

  /** It in words, with its end. */
  String text(Results results, int keys);

  /** Whether it is reached; nothing when that was not measured. */
  Optional<Boolean> isMet(Results results, int keys);

  private static String verdict(Optional<Boolean> isMet) {
    return isMet.map(met -> met ? ": met" : ": missed").orElse(": not measured");
  }

  /** A factor of the speed of a peer. */
  record AtLeast(Work work, double factor, PeerKind peer) implements Bar {

    @Override
    public Optional<Boolean> isMet(Results results, int keys) {
      OptionalDouble ratio = results.ratio(work, PeerKind.MINIKV, peer);
      return ratio.isPresent() ? Optional.of(ratio.getAsDouble() >= factor) : Optional.empty();
    }

    @Override
    public String text(Results results, int keys) {
      return "at least "
          + Figures.number(factor)
          + " x "
          + peer.title()
          + verdict(isMet(results, keys));
    }
  }

  /**
   * A figure that does not depend on a peer.
   *
   * @param most with up to a million keys
   * @param mostOfMany with more keys
   */
  record AtMost(Work work, double most, double mostOfMany) implements Bar {

    private static final int MANY_KEYS = 1_000_000;

    @Override
    public Optional<Boolean> isMet(Results results, int keys) {
      OptionalDouble figure = results.median(PeerKind.MINIKV, work);
      return figure.isPresent()
          ? Optional.of(figure.getAsDouble() <= limit(keys))
          : Optional.empty();
    }

    @Override
    public String text(Results results, int keys) {
      return "at most " + Figures.number(limit(keys)) + verdict(isMet(results, keys));
    }

    private double limit(int keys) {
      return keys > MANY_KEYS ? mostOfMany : most;
    }
  }
}
