/**
 * Value files: each holds one value that was streamed in and is too long for the log. Knows their
 * bytes and their life; which record names them is the log's.
 *
 * <p>Front door: {@link io.minikv.engine.values.ValueFiles}.
 */
@NullMarked
package io.minikv.engine.values;

import org.jspecify.annotations.NullMarked;
