package io.minikv.testkit.contract;

import io.minikv.domain.Durability;
import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Mutation;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.Value;
import io.minikv.domain.WriteResult;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Puts of many keys at once, so that a store can let them share a force; those refused for overload
 * are made again.
 */
final class AsyncPuts {

  private final KeyValueStore store;
  private final Function<Key, Value> values;
  private final Map<Key, CompletableFuture<WriteResult>> pending = new LinkedHashMap<>();

  AsyncPuts(KeyValueStore store, Collection<Key> keys, Function<Key, Value> values) {
    this.store = store;
    this.values = values;
    keys.forEach(this::put);
  }

  private void put(Key key) {
    Mutation put = Mutation.Put.of(key, values.apply(key));
    pending.put(key, store.writeAsync(put, Durability.OS).toCompletableFuture());
  }

  /** Whether every key was written; tries those again that were refused for overload. */
  boolean allAreDone() {
    for (Map.Entry<Key, CompletableFuture<WriteResult>> put : Map.copyOf(pending).entrySet()) {
      if (!put.getValue().isDone()) {
        continue;
      }
      if (!put.getValue().isCompletedExceptionally()) {
        pending.remove(put.getKey());
      } else if (put.getValue().exceptionNow() instanceof OverloadedException) {
        put(put.getKey());
      } else {
        throw new AssertionError("A put failed.", put.getValue().exceptionNow());
      }
    }
    return pending.isEmpty();
  }
}
