/**
 * Machinery that cuts the power, or fails an operation, at every point of a workload on a simulated
 * disk: {@link io.minikv.engine.crash.CrashExplorer} and {@link io.minikv.engine.crash.FaultSweep}.
 */
@NullMarked
package io.minikv.engine.crash;

import org.jspecify.annotations.NullMarked;
