/**
 * Stores and tests for those who implement or use the ports: an in-memory store and the contract
 * that every store passes.
 */
@NullMarked
package io.minikv.testkit;

import org.jspecify.annotations.NullMarked;
