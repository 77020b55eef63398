package io.minikv.engine.filter;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the shape of a filter for a number of keys and a rate of false positives.
 *
 * <p>A block that got more keys than the average answers worse than one that got fewer answers
 * better, so that the classic formula promises too much. The rate is computed as it is: over the
 * numbers of keys that a block can have, each with its probability (binomial, which for many blocks
 * is Poisson), the rate of a Bloom filter of one block with so many keys.
 *
 * <p>Thread-safe.
 */
public final class FilterSizing {

  /** The lowest rate that can be set. */
  public static final double LEAST_RATE = 0.0001;

  /** The highest rate that can be set. */
  public static final double GREATEST_RATE = 0.5;

  /** With so many blocks the rounding of their number does not matter any more. */
  private static final int MANY_BLOCKS = 1 << 10;

  /** A rate this much above the set one still counts as meeting it. */
  private static final double TOLERANCE = 1.02;

  /** Probabilities below this one do not matter for the sum. */
  private static final double NEGLIGIBLE = 1e-12;

  private static final int BISECTIONS = 20;

  private final double rate;

  /** Worked out when it is first needed. */
  private volatile @Nullable Density densest;

  /**
   * How full blocks may be.
   *
   * @param probes how many bits a key sets
   * @param keysPerBlock how many keys a block can then have on the average, of very many blocks
   */
  private record Density(int probes, double keysPerBlock) {}

  /**
   * For a rate.
   *
   * @param rate of the hashes that were not added, the share that seems to be; {@value #LEAST_RATE}
   *     to {@value #GREATEST_RATE}
   */
  public FilterSizing(double rate) {
    if (!(rate >= LEAST_RATE && rate <= GREATEST_RATE)) {
      throw new IllegalArgumentException("rate " + rate);
    }
    this.rate = rate;
  }

  private Density densest() {
    Density known = densest;
    if (known == null) {
      known = findDensest();
      densest = known;
    }
    return known;
  }

  /** More probes allow more keys, up to a number of probes from which on they allow fewer. */
  private Density findDensest() {
    Density best = new Density(1, mostKeysPerBlock(1));
    for (int probes = 2; probes <= FilterShape.MAX_PROBES; probes++) {
      double keys = mostKeysPerBlock(probes);
      if (keys < best.keysPerBlock()) {
        break;
      }
      best = new Density(probes, keys);
    }
    return best;
  }

  private double mostKeysPerBlock(int probes) {
    double low = 0;
    double high = FilterShape.BLOCK_BITS;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (rate((long) (middle * MANY_BLOCKS), MANY_BLOCKS, probes) <= rate) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The smallest filter that meets the rate with so many keys. */
  public FilterShape shapeFor(long keys) {
    int classicProbes = Math.clamp(Math.round(-Math.log(rate) / Math.log(2)), 1, 14);
    if (rateOfBlock(keys, classicProbes) <= rate) {
      return new FilterShape(1, classicProbes);
    }
    Density density = densest();
    double wanted = keys / density.keysPerBlock();
    if (wanted >= MANY_BLOCKS) {
      int blocks = (int) Math.min(FilterShape.MAX_BLOCKS, Math.ceil(wanted));
      return new FilterShape(blocks, density.probes());
    }
    return closest(keys, Math.max(1, (int) wanted), density.probes());
  }

  /** With few blocks another number of probes often comes closer than one block more. */
  private FilterShape closest(long keys, int leastBlocks, int usualProbes) {
    FilterShape best = new FilterShape(leastBlocks + 2, usualProbes);
    double bestRate = 0;
    for (int blocks = leastBlocks; blocks <= leastBlocks + 2; blocks++) {
      for (int probes = Math.max(1, usualProbes - 2); probes <= usualProbes + 2; probes++) {
        double reached = rate(keys, blocks, Math.min(probes, FilterShape.MAX_PROBES));
        if (reached <= rate * TOLERANCE && reached > bestRate) {
          bestRate = reached;
          best = new FilterShape(blocks, Math.min(probes, FilterShape.MAX_PROBES));
        }
      }
    }
    return best;
  }

  /** The rate of false positives of a filter with so many keys. */
  public static double rate(long keys, int blocks, int probes) {
    if (blocks == 1) {
      return rateOfBlock(keys, probes);
    }
    double share = 1.0 / blocks;
    long mode = (long) ((keys + 1) * share);
    double atMode = probability(keys, share, mode);
    double sum = 0;
    double probability = atMode;
    for (long inBlock = mode; inBlock >= 0 && probability > NEGLIGIBLE; inBlock--) {
      sum += probability * rateOfBlock(inBlock, probes);
      probability *= inBlock * (1 - share) / ((keys - inBlock + 1) * share);
    }
    probability = atMode;
    for (long inBlock = mode + 1; inBlock <= keys; inBlock++) {
      probability *= (keys - inBlock + 1) * share / (inBlock * (1 - share));
      if (probability <= NEGLIGIBLE) {
        break;
      }
      sum += probability * rateOfBlock(inBlock, probes);
    }
    return sum;
  }

  /** The chance that so many of all keys are in one block (binomial, by logarithms). */
  private static double probability(long keys, double share, long inBlock) {
    double logarithm = inBlock * Math.log(share) + (keys - inBlock) * Math.log1p(-share);
    for (long i = 1; i <= inBlock; i++) {
      logarithm += Math.log((double) (keys - inBlock + i) / i);
    }
    return Math.exp(logarithm);
  }

  /** The rate of a Bloom filter of one block. */
  private static double rateOfBlock(long keys, int probes) {
    double set = -Math.expm1(keys * probes * Math.log1p(-1.0 / FilterShape.BLOCK_BITS));
    return Math.pow(set, probes);
  }
}
