/**
 * The disk port of the engine, {@link io.minikv.engine.io.Disk}, and its implementation on the file
 * system of the operating system. No other package touches files, channels or mappings.
 */
@NullMarked
package io.minikv.engine.io;

import org.jspecify.annotations.NullMarked;
