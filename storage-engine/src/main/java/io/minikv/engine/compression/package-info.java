/**
 * Makes values smaller before they are stored, and gives them back as they were. Each library is
 * used by one class only.
 *
 * <p>Front doors: {@link io.minikv.engine.compression.Compressor}, {@link
 * io.minikv.engine.compression.Decompressor}.
 */
@NullMarked
package io.minikv.engine.compression;

import org.jspecify.annotations.NullMarked;
