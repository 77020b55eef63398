/**
 * Index snapshots: the index written down as of one moment while the store goes on, and read again
 * when it is opened.
 *
 * <p>Front doors: {@link io.minikv.engine.snapshot.Snapshots} takes them, {@link
 * io.minikv.engine.snapshot.LoadedSnapshot} is one that was read.
 */
@NullMarked
package io.minikv.engine.snapshot;

import org.jspecify.annotations.NullMarked;
