/** What the engine is made of, piece by piece, with JMH. */
@NullMarked
package io.minikv.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
