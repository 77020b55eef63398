package io.minikv.testkit;

import io.minikv.domain.StoreClosedException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What cursors, readers and writers have in common: each ends with its own closing, or with that of
 * the store.
 */
abstract class Handle implements AutoCloseable {

  private final InMemoryKeyValueStore store;
  private final String name;
  private final AtomicBoolean closed = new AtomicBoolean();

  Handle(InMemoryKeyValueStore store, String name) {
    this.store = store;
    this.name = name;
    store.handleOpened();
  }

  final void checkOpen() {
    if (closed.get()) {
      throw new StoreClosedException("The " + name + " is closed. Open another one.");
    }
    store.checkOpen();
  }

  @Override
  public final void close() {
    if (closed.compareAndSet(false, true)) {
      store.handleClosed();
    }
  }
}
