package io.minikv.adapter.cli;

/** What the process ends with. */
enum ExitStatus {
  DONE(0),
  NOT_FOUND(1),
  /** What was asked for is wrong in itself, or not to be had here. */
  USAGE(2),
  /** Input or output failed, or the store cannot be used now. */
  UNAVAILABLE(3),
  DAMAGED(4),
  CONDITION_FAILED(5),
  INTERRUPTED(130);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** The first of two that is not a success. */
  ExitStatus orThen(ExitStatus later) {
    return this == DONE ? later : this;
  }
}
