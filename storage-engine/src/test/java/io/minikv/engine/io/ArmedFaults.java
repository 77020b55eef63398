package io.minikv.engine.io;

import java.util.ArrayList;
import java.util.List;

/**
 * The faults that a simulated disk has been given, each with a count of its own. Not thread-safe.
 */
final class ArmedFaults {

  private final List<ArmedFault> armed = new ArrayList<>();

  void arm(DiskFault fault) {
    armed.add(new ArmedFault(fault));
  }

  void disarm() {
    armed.clear();
  }

  /** How often any of them has fired. */
  long fired() {
    return armed.stream().mapToLong(fault -> fault.fired).sum();
  }

  /** Counts an operation; returns how it shall fail, or null. */
  DiskFault.Kind failureOf(OperationType type) {
    DiskFault.Kind failure = null;
    for (ArmedFault fault : armed) {
      if (fault.fires(type)) {
        failure = fault.fault.kind();
      }
    }
    return failure;
  }

  private static final class ArmedFault {
    private final DiskFault fault;
    private long seen;
    private long fired;

    private ArmedFault(DiskFault fault) {
      this.fault = fault;
    }

    private boolean fires(OperationType type) {
      if (!fault.kind().appliesTo(type)) {
        return false;
      }
      seen++;
      boolean fires = fault.onwards() ? seen >= fault.nth() : seen == fault.nth();
      if (fires) {
        fired++;
      }
      return fires;
    }
  }
}
