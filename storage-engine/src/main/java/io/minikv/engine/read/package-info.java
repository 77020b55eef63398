/**
 * The way of a read: from the index to the record, and through all records in the order of their
 * keys.
 *
 * <p>Front doors: {@link io.minikv.engine.read.EntryReader} for single keys, {@link
 * io.minikv.engine.read.Scans} for ranges.
 */
@NullMarked
package io.minikv.engine.read;

import org.jspecify.annotations.NullMarked;
