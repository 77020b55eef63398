/**
 * Programs that measure MiniKV, beside other stores where that says more. Each prints its numbers
 * with the command that repeats them; {@code docs/performance.md} tells what they mean.
 *
 * <p>Front door: {@link io.minikv.benchmarks.Benchmarks}.
 */
@NullMarked
package io.minikv.benchmarks;

import org.jspecify.annotations.NullMarked;
