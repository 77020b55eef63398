/**
 * The shell and the one-shot commands: they translate words into calls of the port, and its answers
 * into text.
 *
 * <p>Front door: {@link io.minikv.adapter.cli.MiniKvCli}. An application gives it a {@link
 * io.minikv.adapter.cli.CliEnvironment} and the two things that it cannot do itself: open a store
 * ({@link io.minikv.adapter.cli.StoreOpener}) and run the server ({@link
 * io.minikv.adapter.cli.ServerLauncher}).
 *
 * <p>Each command is a small class of its own. A one-shot command and a line of the shell end in
 * the same class.
 */
@NullMarked
package io.minikv.adapter.cli;

import org.jspecify.annotations.NullMarked;
