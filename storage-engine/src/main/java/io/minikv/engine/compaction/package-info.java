/**
 * Giving space back: live records are copied into new segments, which then take the place of the
 * old ones.
 *
 * <p>Front door: {@link io.minikv.engine.compaction.Compactor}.
 */
@NullMarked
package io.minikv.engine.compaction;

import org.jspecify.annotations.NullMarked;
