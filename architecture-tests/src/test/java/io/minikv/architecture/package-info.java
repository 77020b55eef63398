/**
 * The rules of the architecture, and for each of them a fixture that breaks it.
 *
 * <p>Rules are functions of the package that all modules live under, so that the same rule holds
 * the program to account under {@code io.minikv} and fails for the fixture under {@code
 * io.minikv.architecture.fixture}.
 */
@NullMarked
package io.minikv.architecture;

import org.jspecify.annotations.NullMarked;
