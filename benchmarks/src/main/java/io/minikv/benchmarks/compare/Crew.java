package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that begin at once and work on one store, each with its own client. */
final class Crew implements AutoCloseable {

  private static final double NANOS_PER_SECOND = 1e9;

  private final ExecutorService threads;
  private final List<Client> clients = new ArrayList<>();

  Crew(Peer peer, Entries entries, int size) {
    threads = Executors.newFixedThreadPool(size);
    for (int i = 0; i < size; i++) {
      clients.add(new Client(peer, entries));
    }
  }

  /** What one thread does; returns how many operations that were. */
  @FunctionalInterface
  interface Shift {
    int work(Client client, int thread);
  }

  /**
   * Lets some threads work once.
   *
   * @return operations a second, from the first beginning to the last end
   */
  double once(int size, Shift shift) {
    return perSecond(size, 0, shift);
  }

  /**
   * Lets some threads work, again and again until a time is over.
   *
   * @return operations a second, from the first beginning to the last end
   */
  double during(double seconds, int size, Shift shift) {
    return perSecond(size, (long) (seconds * NANOS_PER_SECOND), shift);
  }

  private double perSecond(int size, long leastNanos, Shift shift) {
    CyclicBarrier start = new CyclicBarrier(size);
    List<Callable<Span>> work = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int thread = i;
      Client client = clients.get(i);
      work.add(() -> {
        start.await();
        return Span.of(leastNanos, () -> shift.work(client, thread));
      });
    }
    return rate(results(work));
  }

  private List<Span> results(List<Callable<Span>> work) {
    try {
      List<Span> spans = new ArrayList<>();
      for (Future<Span> done : threads.invokeAll(work)) {
        spans.add(done.get());
      }
      return spans;
    } catch (ExecutionException e) {
      throw new IllegalStateException("A thread failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while threads were working.", e);
    }
  }

  private static double rate(List<Span> spans) {
    Span first = spans.getFirst();
    long duration = 0;
    long earliest = 0;
    long operations = 0;
    for (Span span : spans) {
      earliest = Math.min(earliest, span.start - first.start);
      operations += span.operations;
    }
    for (Span span : spans) {
      duration = Math.max(duration, span.end - first.start - earliest);
    }
    return operations * NANOS_PER_SECOND / duration;
  }

  @Override
  public void close() {
    threads.close();
    clients.forEach(Client::close);
  }

  /** What one thread did. */
  private record Span(long start, long end, long operations) {

    static Span of(long leastNanos, Callable<Integer> work) throws Exception {
      long start = System.nanoTime();
      long operations = 0;
      long end;
      do {
        operations += work.call();
        end = System.nanoTime();
      } while (end - start < leastNanos);
      return new Span(start, end, operations);
    }
  }
}
