/**
 * The way of a write: decided in log order, appended, forced together with others, and only then
 * made visible.
 *
 * <p>Front door: {@link io.minikv.engine.commit.CommitPipeline}.
 */
@NullMarked
package io.minikv.engine.commit;

import org.jspecify.annotations.NullMarked;
