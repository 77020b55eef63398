/** The stores that are measured, behind one interface. */
@NullMarked
package io.minikv.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
