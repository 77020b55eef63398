/**
 * The port of MiniKV and its vocabulary: everything that an application, an adapter or another
 * engine needs to know of a key-value store, and nothing of how one is built.
 *
 * <p>Front door: {@link io.minikv.domain.KeyValueStore}. All that can go wrong is a {@link
 * io.minikv.domain.StoreException}. Running a store (compaction, statistics, verification) is
 * apart, in {@link io.minikv.domain.maintenance}.
 *
 * <p>Parameters and results are never null unless they say {@link
 * org.jspecify.annotations.Nullable}.
 */
@NullMarked
package io.minikv.domain;

import org.jspecify.annotations.NullMarked;
