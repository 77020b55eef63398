/** The storage engine: the ports of MiniKV on segmented append-only logs. */
@NullMarked
package io.minikv.engine;

import org.jspecify.annotations.NullMarked;
