/** The same work on this store and its peers, each in a JVM of its own. */
@NullMarked
package io.minikv.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
