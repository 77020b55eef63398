/**
 * Opening a store: which files belong to it, where its log ends, and what its keys are.
 *
 * <p>Front door: {@link io.minikv.engine.recovery.Recovery}.
 */
@NullMarked
package io.minikv.engine.recovery;

import org.jspecify.annotations.NullMarked;
