package io.minikv.engine.crash;

import io.minikv.engine.io.SimulatedDisk;

/**
 * A machine that was started again after a crash.
 *
 * @param disk what it found; its own, to be changed freely
 * @param history what the workload had been promised when it crashed
 * @param everythingSurvived whether all that was written is there, durable or not, as after the end
 *     of the process only
 * @param description where the crash was, of which kind, and how to replay it
 * @param <H> the history
 */
public record Crash<H>(
    SimulatedDisk disk, H history, boolean everythingSurvived, String description) {}
