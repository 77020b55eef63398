/**
 * Filters that tell for most keys that a set does not hold them. They know keys by 64-bit hashes
 * only, and do no input or output.
 *
 * <p>Front door: {@link io.minikv.engine.filter.FilterShape}.
 */
@NullMarked
package io.minikv.engine.filter;

import org.jspecify.annotations.NullMarked;
