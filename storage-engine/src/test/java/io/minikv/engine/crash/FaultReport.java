package io.minikv.engine.crash;

import io.minikv.engine.io.DiskFault;
import java.util.Map;

/**
 * What a sweep covered.
 *
 * @param runs how often the workload ran with a fault
 * @param checked how many states after it were checked
 * @param runsByKind the runs by the kind of fault
 */
public record FaultReport(long runs, long checked, Map<DiskFault.Kind, Long> runsByKind) {}
