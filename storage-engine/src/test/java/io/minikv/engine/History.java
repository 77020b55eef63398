package io.minikv.engine;

import io.minikv.domain.Key;
import io.minikv.domain.Mutation;
import io.minikv.domain.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a store was asked for and what it answered, at one moment: the states of the store after
 * each write, how many of the writes must survive a power cut, how many were acknowledged, and how
 * many were begun.
 *
 * <p>The list of states is shared by the histories of a run, and grows; each looks at its own part.
 */
final class History {

  /** Before the first write. */
  static final History EMPTY = new History(List.of(Collections.emptySortedMap()), 0, 0, 0, 0, 0);

  private final List<SortedMap<Key, Stored>> states;
  private final int durable;
  private final int acknowledged;
  private final int begun;
  private final long highestSequence;
  private final long nowMillis;

  private History(
      List<SortedMap<Key, Stored>> states,
      int durable,
      int acknowledged,
      int begun,
      long highestSequence,
      long nowMillis) {
    this.states = states;
    this.durable = durable;
    this.acknowledged = acknowledged;
    this.begun = begun;
    this.highestSequence = highestSequence;
    this.nowMillis = nowMillis;
  }

  /** The same for a run of its own. */
  History startingAt(long newNowMillis) {
    return new History(
        new ArrayList<>(states), durable, acknowledged, begun, highestSequence, newNowMillis);
  }

  History at(long newNowMillis) {
    return new History(states, durable, acknowledged, begun, highestSequence, newNowMillis);
  }

  /** A write was begun that leaves this state. */
  History begin(SortedMap<Key, Stored> after) {
    while (states.size() > begun + 1) {
      states.removeLast();
    }
    states.add(after);
    return new History(states, durable, acknowledged, begun + 1, highestSequence, nowMillis);
  }

  /** The write that was begun returned, and left this state. */
  History acknowledge(SortedMap<Key, Stored> after, long sequence) {
    states.set(begun, after);
    return new History(
        states, durable, begun, begun, Math.max(highestSequence, sequence), nowMillis);
  }

  /** The write that was begun did not happen and never will. */
  History refuse() {
    return new History(states, durable, acknowledged, acknowledged, highestSequence, nowMillis);
  }

  /** All that was acknowledged survives a power cut from now on. */
  History force() {
    return new History(states, acknowledged, acknowledged, begun, highestSequence, nowMillis);
  }

  /**
   * The store was found in a state from which nothing may be taken back. Several numbers of writes
   * can leave the same live entries but others that are expired; all of those may be there.
   *
   * @throws AssertionError when it is in none that is allowed
   */
  History found(SortedMap<Key, Stored> live, boolean everythingSurvived) {
    int writes = writesThatLeave(live, everythingSurvived);
    SortedMap<Key, Stored> state = new TreeMap<>();
    for (int each = everythingSurvived ? acknowledged : durable; each <= begun; each++) {
      if (matches(live(states.get(each)), live)) {
        state.putAll(states.get(each));
      }
    }
    state.putAll(live);
    List<SortedMap<Key, Stored>> newStates = new ArrayList<>(states.subList(0, writes));
    newStates.add(state);
    long highest = highestSequence;
    for (Stored stored : live.values()) {
      highest = Math.max(highest, stored.sequence());
    }
    return new History(newStates, writes, writes, writes, highest, nowMillis);
  }

  /** The state after all that was acknowledged, expired entries included. */
  SortedMap<Key, Stored> state() {
    return states.get(acknowledged);
  }

  /** The same without expired entries. */
  SortedMap<Key, Stored> liveState() {
    return live(state());
  }

  /** The version that a key has; nothing when it is absent, or has expired. */
  Optional<Version> version(Key key) {
    return Optional.ofNullable(state().get(key))
        .filter(stored -> stored.isLiveAt(nowMillis))
        .map(stored -> new Version(stored.sequence()));
  }

  /** Whether writes of different keys leave another state than there is. */
  boolean isChangedBy(List<Mutation> mutations) {
    return mutations.stream().anyMatch(this::isChangedBy);
  }

  private boolean isChangedBy(Mutation mutation) {
    return mutation instanceof Mutation.Put || version(mutation.key()).isPresent();
  }

  /**
   * The state that writes of different keys leave.
   *
   * @param sequence their version; 0 while it is not known
   */
  SortedMap<Key, Stored> after(List<Mutation> mutations, long sequence) {
    SortedMap<Key, Stored> state = new TreeMap<>(state());
    for (Mutation mutation : mutations) {
      if (mutation instanceof Mutation.Put put) {
        long expiresAtMillis = RandomMutations.expiresAtMillis(put, nowMillis);
        state.put(put.key(), new Stored(put.value(), put.attributes(), expiresAtMillis, sequence));
      } else if (isChangedBy(mutation)) {
        state.remove(mutation.key());
      }
    }
    return Collections.unmodifiableSortedMap(state);
  }

  private SortedMap<Key, Stored> live(SortedMap<Key, Stored> state) {
    SortedMap<Key, Stored> live = new TreeMap<>(state);
    live.values().removeIf(stored -> !stored.isLiveAt(nowMillis));
    return live;
  }

  boolean hasWriteInFlight() {
    return begun > acknowledged;
  }

  long highestSequence() {
    return highestSequence;
  }

  long nowMillis() {
    return nowMillis;
  }

  /** How many entries may be counted that are expired. */
  int expired() {
    return state().size() - liveState().size();
  }

  /**
   * After how many writes the store is in the state that was found.
   *
   * @param everythingSurvived whether nothing was lost that the store had written
   */
  private int writesThatLeave(SortedMap<Key, Stored> found, boolean everythingSurvived) {
    int first = everythingSurvived ? acknowledged : durable;
    for (int writes = begun; writes >= first; writes--) {
      if (matches(live(states.get(writes)), found)) {
        return writes;
      }
    }
    throw new AssertionError(
        "found %s, which is the state after none of %d to %d writes; after the last acknowledged one, %d, it is %s"
            .formatted(found, first, begun, acknowledged, liveState()));
  }

  /** Whether what was found is what is expected. */
  static boolean matches(SortedMap<Key, Stored> expected, SortedMap<Key, Stored> found) {
    if (!expected.keySet().equals(found.keySet())) {
      return false;
    }
    for (Map.Entry<Key, Stored> entry : expected.entrySet()) {
      if (!entry.getValue().matches(found.get(entry.getKey()))) {
        return false;
      }
    }
    return true;
  }
}
