/**
 * Copies of a store in other directories: while it is open, and of one that is not.
 *
 * <p>Front doors: {@link io.minikv.engine.checkpoint.Checkpointer} for an open store, {@link
 * io.minikv.engine.checkpoint.StoreCopy} for the files of a copy.
 */
@NullMarked
package io.minikv.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
