/** Configuration, wiring and lifecycle of the program. */
@NullMarked
package io.minikv.app;

import org.jspecify.annotations.NullMarked;
