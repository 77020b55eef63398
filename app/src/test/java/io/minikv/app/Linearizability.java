package io.minikv.app;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Whether calls of several clients can have happened one after the other, each at one moment
 * between question and answer: the search of Wing and Gong (Testing and verifying concurrent
 * objects, 1993), which tries one order after the other, with the memory of Lowe (Testing for
 * linearizability, 2017), which never tries the same calls twice that led to the same state.
 */
final class Linearizability {

  /**
   * Questions and answers in the order of their times, those of calls in the order tried taken out.
   */
  private final Event first = new Event(null, 0);

  private final Set<Tried> tried = new HashSet<>();
  private final Deque<Choice> choices = new ArrayDeque<>();
  private BitSet done = new BitSet();
  private long state = RegisterCall.ABSENT;
  private int unanswered;

  /** A moment of a call: the question, or else the answer. */
  private static final class Event {
    final RegisterCall call;
    final int number;
    Event answer;
    Event before;
    Event next;

    Event(RegisterCall call, int number) {
      this.call = call;
      this.number = number;
    }

    boolean isQuestion() {
      return !call.isAnswered() || answer != null;
    }
  }

  private record Tried(BitSet done, long state) {}

  private record Choice(Event question, long stateBefore) {}

  private record Timed(long nanos, boolean isAnswer, Event event) {}

  private Linearizability(List<RegisterCall> calls) {
    List<Timed> events = new ArrayList<>();
    for (RegisterCall call : calls) {
      Event question = new Event(call, events.size());
      events.add(new Timed(call.invokedNanos(), false, question));
      if (call.isAnswered()) {
        question.answer = new Event(call, question.number);
        events.add(new Timed(call.returnedNanos(), true, question.answer));
        unanswered++;
      }
    }
    // Of the same time: questions first, so that calls that may have overlapped are taken to.
    events.sort(Comparator.comparingLong(Timed::nanos).thenComparing(Timed::isAnswer));
    Event last = first;
    for (Timed timed : events) {
      last.next = timed.event;
      timed.event.before = last;
      last = timed.event;
    }
  }

  /** Whether there is such an order, of calls of one key that is absent before. */
  static boolean isGivenBy(List<RegisterCall> calls) {
    return new Linearizability(calls).findOrder();
  }

  private boolean findOrder() {
    Event event = first.next;
    while (unanswered > 0) {
      if (event != null && event.isQuestion()) {
        event = tryNext(event) ? first.next : event.next;
      } else if (choices.isEmpty()) {
        return false;
      } else {
        event = takeBack().next;
      }
    }
    return true;
  }

  /** Lets a call happen now, unless that cannot be or led nowhere. */
  private boolean tryNext(Event question) {
    OptionalLong after = question.call.effect().after(state);
    if (after.isEmpty()) {
      return false;
    }
    BitSet doneThen = (BitSet) done.clone();
    doneThen.set(question.number);
    if (!tried.add(new Tried(doneThen, after.getAsLong()))) {
      return false;
    }
    choices.push(new Choice(question, state));
    done = doneThen;
    state = after.getAsLong();
    takeOut(question);
    if (question.answer != null) {
      takeOut(question.answer);
      unanswered--;
    }
    return true;
  }

  /** Goes back before the last call that was chosen; returns its question. */
  private Event takeBack() {
    Choice choice = choices.pop();
    Event question = choice.question;
    if (question.answer != null) {
      putBack(question.answer);
      unanswered++;
    }
    putBack(question);
    done = (BitSet) done.clone();
    done.clear(question.number);
    state = choice.stateBefore;
    return question;
  }

  private static void takeOut(Event event) {
    event.before.next = event.next;
    if (event.next != null) {
      event.next.before = event.before;
    }
  }

  private static void putBack(Event event) {
    event.before.next = event;
    if (event.next != null) {
      event.next.before = event;
    }
  }
}
