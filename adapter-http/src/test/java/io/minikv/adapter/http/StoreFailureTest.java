package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Key;
import io.minikv.domain.NotSupportedException;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.OutcomeUnknownException;
import io.minikv.domain.OverloadedException;
import io.minikv.domain.StoreClosedException;
import io.minikv.domain.StoreException;
import io.minikv.domain.Value;
import io.minikv.testkit.FaultyKeyValueStore;
import io.minikv.testkit.FaultyKeyValueStore.Call;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What clients are told when the store fails. */
class StoreFailureTest {

  private final InMemoryKeyValueStore memory = new InMemoryKeyValueStore();
  private final FaultyKeyValueStore store = new FaultyKeyValueStore(memory);
  private final TestServer http =
      new TestServer(TestServer.CONFIG, store, memory, InstantSource.system());

  @AfterEach
  void stopAndFindLeaks() {
    store.heal();
    Awaitility.await().untilAsserted(() -> assertThat(memory.openHandles()).isZero());
    http.close();
    memory.close();
  }

  static Stream<Arguments> failuresOfWrites() {
    return Stream.of(
        failure(503, "overloaded", true, () -> new OverloadedException("Too many writes.")),
        failure(507, "disk-full", true, () -> notWritable(NotWritableException.Reason.DISK_FULL)),
        failure(
            503, "not-writable", true, () -> notWritable(NotWritableException.Reason.DISK_FAILED)),
        failure(
            503, "not-writable", true, () -> notWritable(NotWritableException.Reason.READ_ONLY)),
        failure(
            500,
            "outcome-unknown",
            false,
            () -> new OutcomeUnknownException("Force failed.", new Exception())),
        failure(501, "not-supported", false, () -> new NotSupportedException("No expiry.")),
        failure(503, "unavailable", true, () -> new StoreClosedException("Closed.")));
  }

  private static Arguments failure(
      int status, String type, boolean retry, Supplier<StoreException> failure) {
    return Arguments.of(status, type, retry, failure);
  }

  private static NotWritableException notWritable(NotWritableException.Reason reason) {
    return new NotWritableException(reason, "Not now.", null);
  }

  @ParameterizedTest
  @MethodSource("failuresOfWrites")
  void aFailedWriteTellsWhatToDo(
      int status, String type, boolean retry, Supplier<StoreException> failure) {
    store.fail(Call.WRITE, failure);
    for (HttpResponse<String> response :
        List.of(http.put("/blobs/a", "1"), http.post("/blobs/a", "1"), http.delete("/blobs/a"))) {
      assertThat(response.statusCode()).isEqualTo(status);
      assertProblem(response, type);
      assertThat(response.headers().firstValue("Retry-After").isPresent()).isEqualTo(retry);
    }
  }

  @Test
  void damageIsToldForTheBlobAlone() {
    memory.put(Key.of("a"), Value.of("1"));
    store.failOnceAfter(
        0,
        Call.GET,
        () ->
            new DamagedDataException("Checksum of a.", Optional.of(Key.of("a")), "000000001.log"));
    HttpResponse<String> response = http.get("/blobs/a");
    assertThat(response.statusCode()).isEqualTo(500);
    assertProblem(response, "damaged-data");
    assertThat(http.get("/blobs/a").statusCode()).isEqualTo(200);
  }

  @Test
  void aLargeValueThatCannotBeReadIsNeverTakenForWhole() {
    memory.put(Key.of("big"), Value.wrap(new byte[1_000_000]));
    store.failOnceAfter(
        3,
        Call.READ,
        () -> new DamagedDataException("Checksum.", Optional.of(Key.of("big")), "000000001.log"));
    try (RawConnection wire = http.connect()) {
      wire.send("GET /blobs/big HTTP/1.1\nHost: h\n\n");
      assertThat(wire.readToEnd()).contains("Content-Length: 1000000").hasSizeLessThan(1_000_000);
    }
    store.failOnceAfter(
        0,
        Call.READ,
        () -> new DamagedDataException("Checksum.", Optional.of(Key.of("big")), "000000001.log"));
    assertProblem(http.get("/blobs/big"), "damaged-data");
  }

  @Test
  void aListingThatCannotBeginSaysWhy() {
    store.fail(Call.SCAN, () -> new StoreClosedException("Closed."));
    assertThat(http.get("/blobs").statusCode()).isEqualTo(503);
  }

  @Test
  void aListingThatFailsOnTheWayIsNeverTakenForWhole() {
    for (int i = 0; i < 50_000; i++) {
      memory.put(Key.of("key-" + i), Value.empty());
    }
    store.failOnceAfter(
        40_000, Call.NEXT, () -> new DamagedDataException("Checksum.", Optional.empty(), "1.keys"));
    try (RawConnection wire = http.connect()) {
      wire.send("GET /blobs HTTP/1.1\nHost: h\n\n");
      assertThat(wire.readToEnd()).doesNotContain("]").doesNotContain("\r\n0\r\n");
    }
  }

  private static void assertProblem(HttpResponse<String> response, String type) {
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = TestServer.json(response);
    assertThat(problem.propertyNames())
        .containsExactly("error", "type", "title", "status", "detail", "instance");
    assertThat(problem.get("type").asString()).isEqualTo("urn:minikv:problem:" + type);
    assertThat(problem.get("status").asInt()).isEqualTo(response.statusCode());
    assertThat(response.body()).doesNotContain("Exception").doesNotContain("at io.");
  }
}
