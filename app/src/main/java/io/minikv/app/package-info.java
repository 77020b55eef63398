/**
 * The program: configuration, wiring and lifecycle of everything else.
 *
 * <p>Front door: {@link io.minikv.app.Main}. It knows all modules; none knows it.
 */
@NullMarked
package io.minikv.app;

import org.jspecify.annotations.NullMarked;
