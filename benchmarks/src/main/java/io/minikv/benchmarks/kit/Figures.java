package io.minikv.benchmarks.kit;

import java.util.Arrays;
import java.util.Locale;

/** Figures as people read them. */
public final class Figures {

  private Figures() {}

  /** The middle one of some figures. */
  public static double median(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Operations a second. */
  public static String rate(double perSecond) {
    return perSecond >= 10_000
        ? "%,.0f k".formatted(perSecond / 1_000)
        : String.format(Locale.ROOT, "%,.0f", perSecond);
  }

  /** How many times one figure is the other. */
  public static String ratio(double figure, double reference) {
    return String.format(Locale.ROOT, "%.2f", figure / reference);
  }

  public static String millis(double nanos) {
    return String.format(Locale.ROOT, "%,.2f ms", nanos / 1e6);
  }

  public static String mebibytes(double bytes) {
    return String.format(Locale.ROOT, "%,.1f MiB", bytes / (1 << 20));
  }

  public static String number(double figure) {
    return String.format(Locale.ROOT, "%.2f", figure);
  }
}
