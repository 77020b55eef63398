/**
 * Work on the files of a store that is not open: verifying, describing, saving what is left of a
 * damaged one, and restoring checkpoints. Nothing here trusts what it reads: lengths are allocated
 * only when a checksum covers them, and memory is bounded.
 *
 * <p>Front doors: {@link io.minikv.engine.tools.StoreFiles} for a directory, and {@link
 * io.minikv.engine.tools.StoreVerification}, {@link io.minikv.engine.tools.FileDescription}, {@link
 * io.minikv.engine.tools.StoreRepair} and {@link io.minikv.engine.tools.StoreRestore} for what is
 * done with it.
 */
@NullMarked
package io.minikv.engine.tools;

import org.jspecify.annotations.NullMarked;
