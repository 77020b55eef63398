package io.minikv.app;

/** How severe a log line is, the most severe first. */
enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE
}
