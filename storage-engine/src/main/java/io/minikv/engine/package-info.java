/**
 * The storage engine: the ports of the domain on segmented, append-only logs.
 *
 * <p>Front door: {@link io.minikv.engine.SegmentedStore}, set up by {@link
 * io.minikv.engine.EngineOptions}. All sub-packages are internal. Calls go downwards: the front
 * door, then {@code recovery}, {@code snapshot}, {@code compaction} and {@code read}, then {@code
 * commit}, {@code index}, {@code segment}, {@code format} and {@code io}.
 */
@NullMarked
package io.minikv.engine;

import org.jspecify.annotations.NullMarked;
