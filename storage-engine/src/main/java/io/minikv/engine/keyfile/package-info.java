/**
 * The keys of segments in order: key files of those that are complete, keys sorted in memory of
 * those that are not. All of it is derived from the segments, and can be made anew from them.
 *
 * <p>Front door: {@link io.minikv.engine.keyfile.KeyFiles}.
 */
@NullMarked
package io.minikv.engine.keyfile;

import org.jspecify.annotations.NullMarked;
