package io.minikv.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minikv.domain.Key;
import io.minikv.domain.NotSupportedException;
import io.minikv.domain.NotWritableException;
import io.minikv.domain.maintenance.CheckpointReport;
import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.SnapshotReport;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Snapshots, verifications and backups over HTTP. */
class AdminTest {

  private static final Path BACKUPS = Path.of("/backups");

  private final InMemoryKeyValueStore store = new InMemoryKeyValueStore();

  /** What a method of the maintenance does in place of that of the store. */
  private final Map<String, Function<Object[], Object>> answers = new ConcurrentHashMap<>();

  private final TestServer http =
      new TestServer(
          TestServer.CONFIG.withBackupDirectory(BACKUPS),
          store,
          (StoreMaintenance)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {StoreMaintenance.class},
                  (_, method, arguments) -> {
                    Function<Object[], Object> answer = answers.get(method.getName());
                    if (answer != null) {
                      return answer.apply(arguments);
                    }
                    try {
                      return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  }),
          InstantSource.system());

  @AfterEach
  void stop() {
    http.close();
    store.close();
  }

  @Test
  void aSnapshotAnswersWithItsReport() {
    answers.put("snapshot", _ -> new SnapshotReport(7, 3, 100, Duration.ofMillis(5)));

    HttpResponse<String> response = http.post("/admin/snapshot", "");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .isEqualTo("{\"sequence\":7,\"keys\":3,\"bytes\":100,\"duration_ms\":5}");
  }

  @Test
  void aStoreWithoutSnapshotsSaysSo() {
    answers.put(
        "snapshot",
        _ -> {
          throw new NotSupportedException("This store has no snapshots.");
        });

    assertThat(http.post("/admin/snapshot", "").statusCode()).isEqualTo(501);
  }

  @Test
  void aVerificationIsAJobWhoseEndTellsWhatItFound() {
    answers.put(
        "verify",
        _ ->
            new VerificationReport(
                1,
                50,
                2,
                List.of(new Damage("000000001.log", 64, 9, Optional.of(Key.of("a")), "is damaged")),
                Duration.ofMillis(3)));

    HttpResponse<String> accepted = http.post("/admin/verify", "");

    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(TestServer.json(accepted).get("kind").asString()).isEqualTo("verification");
    JsonNode job = ended(accepted);
    assertThat(job.get("status").asString()).isEqualTo("done");
    JsonNode result = job.get("result");
    assertThat(result.get("clean").asBoolean()).isFalse();
    assertThat(result.get("damages").get(0).get("key").asString()).isEqualTo("a");
    assertThat(result.get("damages").get(0).get("offset").asLong()).isEqualTo(64);
    assertThat(TestServer.json(http.get("/admin/jobs")).get(0)).isEqualTo(job);
  }

  @Test
  void aSecondVerificationMeanwhileIsRefused() {
    CountDownLatch mayEnd = new CountDownLatch(1);
    answers.put(
        "verify",
        _ -> {
          try {
            mayEnd.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return new VerificationReport(0, 0, 0, List.of(), Duration.ZERO);
        });
    HttpResponse<String> first = http.post("/admin/verify", "");
    String location = first.headers().firstValue("Location").orElseThrow();

    HttpResponse<String> second = http.post("/admin/verify", "");

    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(TestServer.json(second).get("detail").asString()).contains(location);
    assertThat(TestServer.json(http.get(location)).get("status").asString()).isEqualTo("running");
    mayEnd.countDown();
    ended(first);
    assertThat(http.post("/admin/verify", "").statusCode()).isEqualTo(202);
  }

  @Test
  void aBackupGoesBelowTheConfiguredDirectory() {
    answers.put(
        "checkpoint",
        arguments -> new CheckpointReport((Path) arguments[0], 9, 4, 500, Duration.ofMillis(3)));

    JsonNode named = ended(http.post("/admin/backup?name=nightly", ""));

    assertThat(named.get("result").get("name").asString()).isEqualTo("nightly");
    assertThat(named.get("result").get("sequence").asLong()).isEqualTo(9);
    assertThat(named.toString()).doesNotContain(BACKUPS.toString());
    JsonNode byTime = ended(http.post("/admin/backup", ""));
    assertThat(byTime.get("result").get("name").asString()).matches("\\d{8}T\\d{6}\\.\\d{3}Z");
  }

  @Test
  void theDirectoryOfABackupIsItsName() {
    List<Object> targets = new CopyOnWriteArrayList<>();
    answers.put(
        "checkpoint",
        arguments -> {
          targets.add(arguments[0]);
          return new CheckpointReport((Path) arguments[0], 9, 4, 500, Duration.ZERO);
        });

    ended(http.post("/admin/backup?name=a.b-c_1", ""));

    assertThat(targets).containsExactly(BACKUPS.resolve("a.b-c_1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "..", ".", "a/b", "%2Fetc", "..%2Fx", "a%00", ".hidden", "a%5Cb", "-x"})
  void aNameThatIsAPathIsRefused(String name) {
    answers.put(
        "checkpoint",
        _ -> {
          throw new AssertionError("a backup was made");
        });

    assertThat(http.post("/admin/backup?name=" + name, "").statusCode()).isEqualTo(400);
    assertThat(http.get("/admin/jobs").body()).isEqualTo("[]");
  }

  @Test
  void aBackupThatFailsTellsWhy() {
    answers.put(
        "checkpoint",
        _ -> {
          throw new NotWritableException(
              NotWritableException.Reason.DISK_FULL, "The disk is full.", null);
        });

    JsonNode job = ended(http.post("/admin/backup", ""));

    assertThat(job.get("status").asString()).isEqualTo("failed");
    assertThat(job.get("problem").asString()).isEqualTo("The disk is full.");
    assertThat(job.get("result").isNull()).isTrue();
  }

  @Test
  void withoutADirectoryForThemThereAreNoBackups() {
    try (TestServer plain = TestServer.of(store)) {
      HttpResponse<String> response = plain.post("/admin/backup", "");
      assertThat(response.statusCode()).isEqualTo(501);
      assertThat(TestServer.json(response).get("detail").asString()).contains("BACKUP_DIR");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"99", "x", "1/2", "-1"})
  void aJobThatIsNotThereIsNotFound(String id) {
    HttpResponse<String> response = http.get("/admin/jobs/" + id);
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(TestServer.json(response).get("type").asString())
        .isEqualTo("urn:minikv:problem:no-such-job");
  }

  private JsonNode ended(HttpResponse<String> accepted) {
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    String location = accepted.headers().firstValue("Location").orElseThrow();
    return await()
        .until(
            () -> TestServer.json(http.get(location)),
            job -> !job.get("status").asString().equals("running"));
  }
}
