/** What the server is measured beside. */
@NullMarked
package io.minikv.benchmarks.http;

import org.jspecify.annotations.NullMarked;
