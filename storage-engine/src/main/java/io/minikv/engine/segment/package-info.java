/**
 * Segments: the files that hold records, their reading and writing, and the list of those that are
 * live. Knows nothing of keys' present state; that is the index's.
 */
@NullMarked
package io.minikv.engine.segment;

import org.jspecify.annotations.NullMarked;
