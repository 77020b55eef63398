package io.minikv.engine.crash;

import io.minikv.engine.io.OperationType;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an exploration covered.
 *
 * @param moments at how many moments the power was cut
 * @param generated how many states were generated
 * @param checked how many were checked: those that differ in bytes, names or history
 * @param checkedByKind the same by the kind of loss
 * @param operations how often the workload did what
 */
public record CrashReport(
    long moments,
    long generated,
    long checked,
    Map<String, Long> checkedByKind,
    Map<OperationType, Long> operations) {

  /** The sum of two. */
  public CrashReport plus(CrashReport other) {
    return new CrashReport(
        moments + other.moments,
        generated + other.generated,
        checked + other.checked,
        sum(checkedByKind, other.checkedByKind),
        sum(operations, other.operations));
  }

  private static <K extends Comparable<K>> Map<K, Long> sum(Map<K, Long> a, Map<K, Long> b) {
    Map<K, Long> sum = new TreeMap<>(a);
    b.forEach((key, count) -> sum.merge(key, count, Long::sum));
    return sum;
  }
}
