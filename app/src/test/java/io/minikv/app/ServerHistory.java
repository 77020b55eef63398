package io.minikv.app;

import static io.minikv.app.RegisterCall.ABSENT;
import static io.minikv.app.RegisterCall.NEVER;
import static io.minikv.app.RegisterCall.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.app.RegisterCall.Anything;
import io.minikv.app.RegisterCall.Effect;
import io.minikv.app.RegisterCall.Exactly;
import io.minikv.app.RegisterCall.Expected;
import io.minikv.app.RegisterCall.LostWrite;
import io.minikv.app.RegisterCall.Read;
import io.minikv.app.RegisterCall.Refused;
import io.minikv.app.RegisterCall.Write;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What several clients at once asked a server about a few keys of their own, and what they were
 * told. Every value that is written is another one.
 */
final class ServerHistory {

  private static final int CLIENTS = 8;
  private static final int CALLS_PER_CLIENT = 50;
  private static final int KEYS = 3;
  private static final int LONGEST_PADDING = 4_000;

  /** Of so many calls one is given up after some milliseconds. */
  private static final int GIVEN_UP_EVERY = 30;

  private final long seed;
  private final Queue<Noted> noted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  /**
   * A call as a client saw it.
   *
   * @param value what it wrote, if it did
   * @param version of its answer: what it wrote, or found
   */
  private record Noted(
      String key, Kind kind, Expected expected, String value, long version, long from, long to) {}

  private enum Kind {
    READ,
    WRITE,
    REFUSED,
    LOST_WRITE,
    LOST_DELETE
  }

  ServerHistory(long seed) {
    this.seed = seed;
  }

  /** How many calls there were. */
  int size() {
    return noted.size();
  }

  /** Lets all clients ask, until they have done or there is no server any more. */
  void ask(String url) throws InterruptedException {
    ask(url, -1, () -> {});
  }

  /** The same; whoever asks the question of a number does something first. */
  void ask(String url, int question, Runnable first) throws InterruptedException {
    List<Future<?>> ends = new ArrayList<>();
    try (BlobClient http = new BlobClient(url);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      for (int i = 0; i < CLIENTS; i++) {
        Client client = new Client(http, new Random(seed * CLIENTS + i));
        ends.add(clients.submit(() -> client.run(question, first)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("seed " + seed, e.getCause());
    }
  }

  /** Requires that for each key there is an order in which its calls can have happened. */
  void check() {
    Map<String, Long> versions = new HashMap<>();
    for (Noted call : noted) {
      if (!call.value.isEmpty() && call.version > 0) {
        Long other = versions.putIfAbsent(call.value, call.version);
        assertThat(other).as("the version of a value, seed %d", seed).isIn(null, call.version);
      }
    }
    Set<Long> known = new HashSet<>(versions.values());
    assertThat(known).as("versions of different values, seed %d", seed).hasSize(versions.size());
    Map<String, List<RegisterCall>> byKey = new HashMap<>();
    for (Noted call : noted) {
      byKey
          .computeIfAbsent(call.key, _ -> new ArrayList<>())
          .add(new RegisterCall(effect(call, versions, known), call.from, call.to));
    }
    byKey.forEach((key, calls) ->
        assertThat(Linearizability.isGivenBy(calls))
            .as("the calls of %s have an order, seed %d: %s", key, seed, calls)
            .isTrue());
  }

  private static Effect effect(Noted call, Map<String, Long> versions, Set<Long> known) {
    return switch (call.kind) {
      case READ -> new Read(call.version);
      case WRITE, LOST_DELETE -> new Write(call.expected, call.version);
      case REFUSED ->
          new Refused(
              call.expected,
              call.version == ABSENT || known.contains(call.version) ? call.version : UNKNOWN);
      case LOST_WRITE ->
          versions.containsKey(call.value)
              ? new Write(call.expected, versions.get(call.value))
              : new LostWrite(call.expected, -call.from);
    };
  }

  /** One client. */
  private final class Client {

    private final BlobClient http;
    private final Random random;
    private final Map<String, Long> seen = new HashMap<>();

    Client(BlobClient http, Random random) {
      this.http = http;
      this.random = random;
    }

    void run(int question, Runnable first) {
      for (int i = 0; i < CALLS_PER_CLIENT; i++) {
        int number = asked.incrementAndGet();
        if (number == question) {
          first.run();
        }
        try {
          ask("history %d, key %d".formatted(seed, random.nextInt(KEYS)), number);
        } catch (ConnectException e) {
          return; // The server was killed; this question was not heard.
        }
      }
    }

    private void ask(String key, int number) throws ConnectException {
      String value = number + " " + "x".repeat(random.nextInt(LONGEST_PADDING));
      Question put = new Question("PUT", key, value, Anything.ANYTHING, "", "");
      Question delete = new Question("DELETE", key, "", Anything.ANYTHING, "", "");
      Long version = seen.get(key);
      int choice = version == null ? random.nextInt(9) : random.nextInt(12);
      switch (choice) {
        case 0, 1, 2, 3 -> read(key);
        case 4, 5 -> write(put);
        case 6 -> write(put.on(Anything.NOTHING, "If-None-Match", "*"));
        case 7 -> write(put.on(Anything.SOMETHING, "If-Match", "*"));
        case 8 -> write(delete);
        case 9 -> write(delete.on(new Exactly(version), "If-Match", "\"" + version + "\""));
        default -> write(put.on(new Exactly(version), "If-Match", "\"" + version + "\""));
      }
    }

    private void read(String key) throws ConnectException {
      long from = System.nanoTime();
      HttpResponse<byte[]> answer;
      try {
        answer = http.get(key);
      } catch (ConnectException e) {
        throw e;
      } catch (IOException e) {
        return; // A read without an answer tells nothing.
      }
      long to = System.nanoTime();
      if (answer.statusCode() == 404) {
        noted.add(new Noted(key, Kind.READ, Anything.NOTHING, "", ABSENT, from, to));
      } else {
        assertThat(answer.statusCode()).isEqualTo(200);
        long version = versionIn(answer);
        noted.add(new Noted(key, Kind.READ, Anything.SOMETHING, text(answer), version, from, to));
        seen.put(key, version);
      }
    }

    private void write(Question question) throws ConnectException {
      Duration patience =
          random.nextInt(GIVEN_UP_EVERY) > 0
              ? ProgramProcess.PATIENCE
              : Duration.ofMillis(1 + random.nextInt(4));
      long from = System.nanoTime();
      HttpResponse<byte[]> answer;
      try {
        answer = question.askWith(http, patience);
      } catch (ConnectException e) {
        throw e;
      } catch (IOException e) { // It may have happened, or happen yet.
        Kind kind = question.value.isEmpty() ? Kind.LOST_DELETE : Kind.LOST_WRITE;
        noted.add(question.answered(kind, ABSENT, from, NEVER));
        return;
      }
      long to = System.nanoTime();
      long version = versionIn(answer);
      switch (answer.statusCode()) {
        case 200 -> noted.add(question.found(true).answered(Kind.WRITE, version, from, to));
        case 201 -> noted.add(question.found(false).answered(Kind.WRITE, version, from, to));
        case 204 -> noted.add(question.answered(Kind.WRITE, ABSENT, from, to));
        case 412 -> noted.add(question.answered(Kind.REFUSED, version, from, to));
        default -> throw new AssertionError(answer + ": " + text(answer));
      }
      if (answer.statusCode() <= 201) {
        seen.put(question.key, version);
      }
    }
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static long versionIn(HttpResponse<byte[]> answer) {
    return answer
        .headers()
        .firstValue("ETag")
        .map(tag -> Long.parseLong(tag.replace("\"", "")))
        .orElse(ABSENT);
  }

  /** A write that a client asks for. */
  private record Question(
      String method, String key, String value, Expected expected, String header, String condition) {

    Question on(Expected newExpected, String newHeader, String newCondition) {
      return new Question(method, key, value, newExpected, newHeader, newCondition);
    }

    /** The same as a condition on what the answer says there was. */
    Question found(boolean something) {
      Anything found = something ? Anything.SOMETHING : Anything.NOTHING;
      if (expected == Anything.ANYTHING) {
        return on(found, header, condition);
      }
      assertThat(expected == Anything.NOTHING)
          .as("%s found %s", this, found)
          .isNotEqualTo(something);
      return this;
    }

    HttpResponse<byte[]> askWith(BlobClient http, Duration patience) throws IOException {
      byte[] body = value.getBytes(StandardCharsets.UTF_8);
      return http.ask(method, key, body, header, condition, patience);
    }

    Noted answered(Kind kind, long version, long from, long to) {
      String written = kind == Kind.REFUSED ? "" : value;
      return new Noted(key, kind, expected, written, version, from, to);
    }
  }
}
