package io.minikv.engine.io;

/**
 * What a simulated disk can be asked to do, as far as it can be counted, watched and made to fail.
 */
public enum OperationType {
  LIST(Group.QUERY),
  EXISTS(Group.QUERY),
  FREE_BYTES(Group.QUERY),
  SIZE(Group.QUERY),
  OPEN(Group.QUERY),
  READ(Group.QUERY),
  MAP(Group.QUERY),
  MAPPED_READ(Group.QUERY),
  CREATE(Group.NAME),
  RENAME(Group.NAME),
  DELETE(Group.NAME),
  LINK(Group.NAME),
  CREATE_DIRECTORY(Group.NAME),
  LOCK(Group.NAME),
  WRITE(Group.DATA),
  ALLOCATE(Group.DATA),
  TRUNCATE(Group.DATA),
  /** A store to memory: it cannot fail. */
  MAPPED_STORE(Group.STORE),
  FORCE(Group.BARRIER),
  MAPPED_FORCE(Group.BARRIER),
  FORCE_DIRECTORY(Group.BARRIER);

  private enum Group {
    QUERY,
    NAME,
    DATA,
    STORE,
    BARRIER
  }

  private final Group group;

  OperationType(Group group) {
    this.group = group;
  }

  /**
   * Whether it can leave the disk, or what a power cut may leave of it, in another state than
   * before.
   */
  public boolean changesDisk() {
    return group != Group.QUERY;
  }

  /** Whether it makes something durable. */
  public boolean isBarrier() {
    return group == Group.BARRIER;
  }

  /** Whether it can report a failure. */
  public boolean canFail() {
    return group != Group.STORE;
  }

  /** Whether a full disk can make it fail. */
  public boolean needsSpace() {
    return switch (this) {
      case CREATE, CREATE_DIRECTORY, RENAME, LINK, LOCK, WRITE, ALLOCATE -> true;
      default -> false;
    };
  }

  /** Whether it can fail with one part done. */
  public boolean hasHalves() {
    return isBarrier() || this == WRITE || this == ALLOCATE;
  }
}
