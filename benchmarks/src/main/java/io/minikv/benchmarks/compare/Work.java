package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.peer.PeerKind;
import java.util.Locale;

/** What is measured of a store, in the order in which it is measured and printed. */
enum Work {
  LOAD("load, 1 thread", Unit.PER_SECOND, Step.WORK),
  HIT("hit, 1 thread", Unit.PER_SECOND, Step.WORK),
  HIT_2("hit, 2 threads", Unit.PER_SECOND, Step.WORK),
  MISS("miss, 1 thread", Unit.PER_SECOND, Step.WORK),
  OVERWRITE("overwrite, 1 thread", Unit.PER_SECOND, Step.WORK),
  YCSB_A("YCSB A, 2 threads", Unit.PER_SECOND, Step.WORK),
  YCSB_B("YCSB B, 2 threads", Unit.PER_SECOND, Step.WORK),
  YCSB_C("YCSB C, 2 threads", Unit.PER_SECOND, Step.WORK),
  YCSB_F("YCSB F, 2 threads", Unit.PER_SECOND, Step.WORK),
  SCAN("scan of 100, 1 thread", Unit.PER_SECOND, Step.WORK),
  MEMORY("anonymous memory a key", Unit.BYTES, Step.WORK),
  DISK("disk an entry", Unit.BYTES, Step.WORK),
  REOPEN("open after a close", Unit.SECONDS, Step.REOPEN),
  REOPEN_KILLED("open after a kill", Unit.SECONDS, Step.KILL),
  LOST("writes lost by the kill", Unit.COUNT, Step.KILL),
  DURABLE_1("durable put, 1 thread", Unit.PER_SECOND, Step.DURABLE),
  DURABLE_16("durable put, 16 threads", Unit.PER_SECOND, Step.DURABLE),
  DURABLE_64("durable put, 64 threads", Unit.PER_SECOND, Step.DURABLE);

  /** What figures mean. */
  enum Unit {
    /** Operations a second: more is better. */
    PER_SECOND,
    /** Less is better. */
    BYTES,
    /** Less is better. */
    SECONDS,
    /** Less is better. */
    COUNT
  }

  /** The process that tells it. */
  enum Step {
    /** Loads the store and works on it. */
    WORK,
    /** Opens the store that was closed. */
    REOPEN,
    /** Is killed in the middle of writes; another one then opens the store. */
    KILL,
    /** Puts with a force for each, into a store of its own. */
    DURABLE
  }

  private final String title;
  private final Unit unit;
  private final Step step;

  Work(String title, Unit unit, Step step) {
    this.title = title;
    this.unit = unit;
    this.step = step;
  }

  String title() {
    return title;
  }

  Unit unit() {
    return unit;
  }

  Step step() {
    return step;
  }

  /** Whether a store can do it at all. */
  boolean fits(PeerKind store) {
    return switch (step) {
      case DURABLE -> store.canForce();
      case WORK -> this != SCAN || store.isOrdered();
      case REOPEN, KILL -> true;
    };
  }

  /** The name of its figure between processes and in JSON. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
