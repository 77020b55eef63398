package io.minikv.adapter.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Opens the terminal that the shell talks to. */
@FunctionalInterface
interface TerminalFactory {

  /** The terminal of the process. Where nothing better can be had, one without editing. */
  TerminalFactory SYSTEM =
      () ->
          TerminalBuilder.builder()
              .name("minikv")
              .system(true)
              .dumb(true)
              .nativeSignals(true)
              .encoding(StandardCharsets.UTF_8)
              .build();

  Terminal open() throws IOException;
}
