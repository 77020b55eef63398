package io.minikv.testkit;

import io.minikv.domain.StoreException;
import io.minikv.testkit.FaultyKeyValueStore.Call;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which calls fail, and which are held. Thread-safe. */
final class Faults {

  /** Guarded by this object. */
  private final Map<Call, Failing> failing = new EnumMap<>(Call.class);

  /**
   * The gates of those that wait, by what they call, for the calls that are held. Guarded by this
   * object.
   */
  private final Map<Call, List<CompletableFuture<@Nullable Void>>> held = new EnumMap<>(Call.class);

  private record Failing(Supplier<? extends StoreException> failure, int passing, int failures) {}

  synchronized void fail(
      Call call, Supplier<? extends StoreException> failure, int passing, int failures) {
    failing.put(call, new Failing(failure, passing, failures));
  }

  synchronized void hold(Call call) {
    held.putIfAbsent(call, new ArrayList<>());
  }

  synchronized int held(Call call) {
    return held.getOrDefault(call, List.of()).size();
  }

  void release(Call call) {
    List<CompletableFuture<@Nullable Void>> waiting;
    synchronized (this) {
      List<CompletableFuture<@Nullable Void>> gates = held.remove(call);
      waiting = gates == null ? List.of() : gates;
    }
    // Outside the lock: what was held goes on right here.
    waiting.forEach(gate -> gate.complete(null));
  }

  void heal() {
    synchronized (this) {
      failing.clear();
    }
    for (Call call : Call.values()) {
      release(call);
    }
  }

  /** Lets a call through, late where it is held, or fails. */
  void pass(Call call) {
    gate(call).join();
    check(call);
  }

  /** The same without waiting: the stage ends as that of the call, or fails. */
  <T> CompletionStage<T> passLater(Call call, Supplier<CompletionStage<T>> passed) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    CompletionStage<@Nullable Void> gate = gate(call);
    gate.thenRun(() -> {
      try {
        check(call);
        end(stage, passed.get());
      } catch (RuntimeException e) {
        stage.completeExceptionally(e);
      }
    });
    return stage;
  }

  private static <T> void end(CompletableFuture<T> stage, CompletionStage<T> source) {
    source.whenComplete((result, failure) -> {
      if (failure == null) {
        stage.complete(result);
      } else {
        stage.completeExceptionally(failure);
      }
    });
  }

  private synchronized CompletableFuture<@Nullable Void> gate(Call call) {
    CompletableFuture<@Nullable Void> gate = new CompletableFuture<>();
    List<CompletableFuture<@Nullable Void>> waiting = held.get(call);
    if (waiting == null) {
      gate.complete(null);
    } else {
      waiting.add(gate);
    }
    return gate;
  }

  private synchronized void check(Call call) {
    Failing script = failing.get(call);
    if (script == null) {
      return;
    }
    if (script.passing() > 0) {
      failing.put(call, new Failing(script.failure(), script.passing() - 1, script.failures()));
      return;
    }
    if (script.failures() == 1) {
      failing.remove(call);
    }
    throw script.failure().get();
  }
}
