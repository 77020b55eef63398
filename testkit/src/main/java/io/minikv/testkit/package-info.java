/**
 * Stores for the tests of those who use or implement the ports: an {@link
 * io.minikv.testkit.InMemoryKeyValueStore}, a {@link io.minikv.testkit.FaultyKeyValueStore} in
 * front of any other, and a {@link io.minikv.testkit.MutableClock} for both; and a table of what
 * tests have {@link io.minikv.testkit.Tried}.
 *
 * <p>The tests that every store passes are in {@link io.minikv.testkit.contract}.
 */
@NullMarked
package io.minikv.testkit;

import org.jspecify.annotations.NullMarked;
