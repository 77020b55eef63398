package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A client that overwrites and deletes a few keys of its own, and keeps a record of what was
 * acknowledged: the oracle of these keys. For one thread at a time.
 */
final class RecordedClient {

  private static final int KEYS = 24;
  private static final int SHORT_BYTES = 6_000;
  private static final int LONG_BYTES = 150_000;

  /** Greater than what the log takes, so that it goes to a file of its own. */
  private static final int GREATEST_BYTES = 2 << 20;

  private final List<String> keys = new ArrayList<>();
  private final Random random;
  private final SortedMap<String, byte[]> acknowledged = new TreeMap<>();
  private Optional<Attempt> inFlight = Optional.empty();
  private long writes;

  /** A write whose outcome nobody was told; without a value a delete. */
  private record Attempt(String key, Optional<byte[]> value) {}

  RecordedClient(String name, long seed) {
    this.random = new Random(seed);
    for (int i = 0; i < KEYS; i++) {
      keys.add(name + "/" + i);
    }
  }

  /** How many writes were acknowledged. */
  long writes() {
    return writes;
  }

  /**
   * Writes one key.
   *
   * @return whether it was acknowledged; else the server is gone, and it stays in flight
   */
  boolean write(BlobClient server) {
    String key = keys.get(random.nextInt(KEYS));
    Optional<byte[]> value = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(value());
    Attempt attempt = new Attempt(key, value);
    inFlight = Optional.of(attempt);
    int status;
    try {
      status = value.isPresent() ? put(server, key, value.get()) : server.delete(key).statusCode();
    } catch (IOException e) {
      return false;
    }
    assertThat(status).as(key).isIn(200, 201, 204);
    inFlight = Optional.empty();
    apply(attempt);
    writes++;
    return true;
  }

  private static int put(BlobClient server, String key, byte[] value) throws IOException {
    return server.put(key, value).statusCode();
  }

  private void apply(Attempt attempt) {
    attempt.value.ifPresentOrElse(
        value -> acknowledged.put(attempt.key, value), () -> acknowledged.remove(attempt.key));
  }

  private byte[] value() {
    int bound =
        switch (random.nextInt(100)) {
          case 0 -> GREATEST_BYTES;
          case 1, 2, 3, 4 -> LONG_BYTES;
          default -> SHORT_BYTES;
        };
    byte[] bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  /**
   * Compares what the server holds with the record. What was in flight may have happened or not,
   * and stays so from here on.
   *
   * @param where for messages
   * @return the keys that are there
   */
  List<String> check(BlobClient server, String where) throws IOException {
    for (String key : keys) {
      HttpResponse<byte[]> answer = server.get(key);
      assertThat(answer.statusCode()).as("%s: %s", where, key).isIn(200, 404);
      Optional<byte[]> found =
          answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
      inFlight
          .filter(attempt -> attempt.key.equals(key) && same(attempt.value, found))
          .ifPresent(this::apply);
      assertThat(same(Optional.ofNullable(acknowledged.get(key)), found))
          .as(
              "%s: %s holds %s; acknowledged were %s",
              where, key, length(found), length(Optional.ofNullable(acknowledged.get(key))))
          .isTrue();
    }
    inFlight = Optional.empty();
    return List.copyOf(acknowledged.keySet());
  }

  private static boolean same(Optional<byte[]> one, Optional<byte[]> other) {
    return one.isPresent() == other.isPresent()
        && (one.isEmpty() || Arrays.equals(one.get(), other.get()));
  }

  private static String length(Optional<byte[]> value) {
    return value.map(bytes -> bytes.length + " bytes").orElse("nothing");
  }
}
