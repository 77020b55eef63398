package io.minikv.engine.compression;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Native objects that one thread at a time uses, and that are dear to make: as many as there are
 * processors are kept while nobody uses them. Thread-safe.
 */
final class Spares<T> {

  private final Supplier<T> maker;
  private final Consumer<T> closer;
  private final BlockingQueue<T> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  Spares(Supplier<T> maker, Consumer<T> closer) {
    this.maker = maker;
    this.closer = closer;
  }

  /** One for the caller alone, until it is given back. */
  T take() {
    T spare = idle.poll();
    return spare != null ? spare : maker.get();
  }

  /** The next caller can have it. */
  void giveBack(T used) {
    if (!idle.offer(used)) {
      closer.accept(used);
    }
  }
}
