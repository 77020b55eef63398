package io.minikv.adapter.cli;

import picocli.CommandLine.Help.Ansi;

/** How text is set off on a terminal; not at all elsewhere. */
enum Style {
  PLAIN,
  COLOURED;

  private static final String RESET = "\u001b[0m";

  String error(String text) {
    return wrap("\u001b[31m", text);
  }

  String key(String text) {
    return wrap("\u001b[36m", text);
  }

  String heading(String text) {
    return wrap("\u001b[1m", text);
  }

  Ansi ansi() {
    return this == COLOURED ? Ansi.ON : Ansi.OFF;
  }

  private String wrap(String start, String text) {
    return this == COLOURED ? start + text + RESET : text;
  }
}
