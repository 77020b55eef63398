/**
 * Where the newest record of each key lies. Holds no keys and no values: a candidate is verified by
 * whoever reads records.
 *
 * <p>Front door: {@link io.minikv.engine.index.Index}.
 */
@NullMarked
package io.minikv.engine.index;

import org.jspecify.annotations.NullMarked;
