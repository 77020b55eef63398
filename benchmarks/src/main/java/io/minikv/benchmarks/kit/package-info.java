/** What all measurements share: work, child processes, figures and tables. */
@NullMarked
package io.minikv.benchmarks.kit;

import org.jspecify.annotations.NullMarked;
