package io.minikv.engine;

import io.minikv.domain.Attributes;
import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one writer wrote to keys of its own, and what it was told of it: the oracle of these keys.
 * For one thread at a time.
 */
final class WriterRecord {

  /** All states that a power cut may bring back, the oldest first; the last is acknowledged. */
  private final List<State> states = new ArrayList<>();

  private Optional<State> inFlight = Optional.empty();

  WriterRecord() {
    states.add(new State(Collections.emptySortedMap(), 0));
  }

  /**
   * What the keys hold after a write.
   *
   * @param version of that write; 0 while nobody was told
   */
  private record State(SortedMap<Key, Stored> content, long version) {

    boolean matches(SortedMap<Key, Stored> found) {
      return content.keySet().equals(found.keySet())
          && content.entrySet().stream()
              .allMatch(entry -> entry.getValue().matches(found.get(entry.getKey())));
    }
  }

  /**
   * What a power cut left of the writes.
   *
   * @param lost how many acknowledged writes are gone
   * @param kept a write of at least this version is there; 0 for none
   * @param gone the first write that is gone, or a later one; the greatest number for none
   */
  record Outcome(int lost, long kept, long gone) {}

  /** A write begins. */
  void begin(List<Mutation> mutations) {
    SortedMap<Key, Stored> content = new TreeMap<>(states.getLast().content);
    for (Mutation mutation : mutations) {
      switch (mutation) {
        case Mutation.Put put -> content.put(put.key(), unversioned(put));
        case Mutation.Delete delete -> content.remove(delete.key());
      }
    }
    inFlight = Optional.of(new State(content, 0));
  }

  private static Stored unversioned(Mutation.Put put) {
    return new Stored(put.value(), Attributes.none(), EntryInfo.NEVER_MILLIS, 0);
  }

  /** It happened. Without a version there was nothing to change. */
  void acknowledged(Optional<Version> version) {
    State written = inFlight.orElseThrow();
    inFlight = Optional.empty();
    version.ifPresent(known -> {
      SortedMap<Key, Stored> content = new TreeMap<>(written.content);
      content.replaceAll(
          (_, stored) -> stored.sequence() == 0 ? stored.withSequence(known.sequence()) : stored);
      states.add(new State(content, known.sequence()));
    });
  }

  /** It did not happen. */
  void refused() {
    inFlight = Optional.empty();
  }

  /** All that is acknowledged is durable, whatever the store's setting. */
  void durable() {
    states.subList(0, states.size() - 1).clear();
  }

  /**
   * Which of the possible states was found after a power cut; nothing when none of them was. Where
   * several states look the same, the outcome is the one that says least.
   */
  Optional<Outcome> judge(SortedMap<Key, Stored> found) {
    boolean isInFlight = inFlight.filter(state -> state.matches(found)).isPresent();
    List<State> same = states.stream().filter(state -> state.matches(found)).toList();
    if (isInFlight) {
      State oldest = same.isEmpty() ? states.getLast() : same.getFirst();
      return Optional.of(new Outcome(0, oldest.version, Long.MAX_VALUE));
    }
    if (!same.isEmpty()) {
      int newest = states.lastIndexOf(same.getLast());
      int lost = states.size() - 1 - newest;
      long gone = lost == 0 ? Long.MAX_VALUE : states.get(newest + 1).version;
      return Optional.of(new Outcome(lost, same.getFirst().version, gone));
    }
    return Optional.empty();
  }

  /** What was found is what holds from here on. */
  void settle(SortedMap<Key, Stored> found) {
    states.clear();
    states.add(new State(found, 0));
    inFlight = Optional.empty();
  }

  @Override
  public String toString() {
    return "acknowledged " + states.getLast() + ", in flight " + inFlight;
  }
}
