package io.minikv.benchmarks.kit;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** How long collections of garbage stopped all threads, as the JVM counts it. */
public final class Collections {

  /** Those that work beside other threads count themselves, too; they stop nobody. */
  private static final String BESIDE = "Cycles";

  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(each -> !each.getName().contains(BESIDE))
          .toList();

  /** All of them so far together, in milliseconds. */
  public long millis() {
    long millis = 0;
    for (GarbageCollectorMXBean each : collectors) {
      millis += each.getCollectionTime();
    }
    return millis;
  }
}
