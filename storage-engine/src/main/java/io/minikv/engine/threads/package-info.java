/** How the threads of the engine wait for work, for each other and for the processor. */
@NullMarked
package io.minikv.engine.threads;

import org.jspecify.annotations.NullMarked;
