/**
 * The shell and the one-shot commands: translate words into calls of the port, and its answers into
 * text.
 */
@NullMarked
package io.minikv.adapter.cli;

import org.jspecify.annotations.NullMarked;
