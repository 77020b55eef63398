package io.minikv.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/**
 * What is logged: lines on standard error, set up here and not in a file, whose reading would take
 * a one-shot command longer than its work.
 */
final class Logging {

  /** For people first: when, how bad, what. */
  private static final String PATTERN =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level %msg%n%rootException";

  private static final String ACCESS_LOG = "io.minikv.adapter.http.access";

  private Logging() {}

  /** Sets it up: warnings and errors. */
  static void start() {
    LoggerContext context = context();
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(Level.WARN);
  }

  /** A command speaks by its answers; only who looks for an error wants more than warnings. */
  static void forCommand(LogLevel level) {
    setLevel(level == LogLevel.INFO ? LogLevel.WARN : level);
  }

  /** A server tells what it does; the libraries under it tell only what is wrong. */
  static void forServer(LogLevel level, boolean accessLog) {
    setLevel(level);
    context().getLogger(ACCESS_LOG).setLevel(accessLog ? Level.INFO : Level.OFF);
  }

  private static void setLevel(LogLevel level) {
    Level own = Level.valueOf(level.name());
    Level libraries = level == LogLevel.INFO ? Level.WARN : own;
    LoggerContext context = context();
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(libraries);
    context.getLogger("io.minikv").setLevel(own);
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}
