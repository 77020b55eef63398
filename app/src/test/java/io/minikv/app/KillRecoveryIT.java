package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minikv.testkit.Tried;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed again and again under concurrent clients that put, overwrite and delete,
 * every other time while it compacts. One data directory goes on over all kills: nothing that was
 * acknowledged is ever lost, and nothing that was deleted comes back.
 */
@Timeout(7_200)
class KillRecoveryIT {

  private static final int CLIENTS = 8;
  private static final int MOST_WRITES = 400;

  /** Small segments and an eager compaction, so that kills hit those too. Quick to start. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "MINIKV_JAVA_OPTS", "-XX:TieredStopAtLevel=1",
          "SEGMENT_SIZE_MB", "1",
          "SNAPSHOT_MB", "2",
          "COMPACTION_INTERVAL_SECS", "1",
          "COMPACTION_THRESHOLD", "2");

  @TempDir Path folder;

  private final long seed = Long.getLong("minikv.test.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<RecordedClient> clients = new ArrayList<>();
  private final List<Long> restartMillis = new ArrayList<>();
  private int killsInCompactions;

  @Tag("brief")
  @Test
  void nothingAcknowledgedIsLostByKills() throws Exception {
    kill(4);
  }

  @Test
  @Tag("thorough")
  void nothingAcknowledgedIsLostByFiftyKills() throws Exception {
    kill(50 * Integer.getInteger("minikv.test.scale", 1));
  }

  private void kill(int times) throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new RecordedClient("client-" + i, random.nextLong()));
    }
    for (int kill = 1; kill <= times; kill++) {
      String where = "seed " + seed + ", before kill " + kill;
      try (ProgramProcess server = start();
          BlobClient http = new BlobClient(server.url());
          ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1)) {
        check(http, where);
        writeUntilKilled(server, http, threads, kill % 2 == 0);
      }
    }
    try (ProgramProcess server = start();
        BlobClient http = new BlobClient(server.url())) {
      check(http, "seed " + seed + ", at the end");
      server.terminate();
      assertThat(server.exitStatus()).as(server.stderr()).isZero();
    }
    report(times);
  }

  private ProgramProcess start() {
    long begin = System.nanoTime();
    ProgramProcess server = ProgramProcess.serve(folder, SETTINGS);
    restartMillis.add((System.nanoTime() - begin) / 1_000_000);
    return server;
  }

  /** Kills the server after some writes, while it compacts if it is asked to. */
  private void writeUntilKilled(
      ProgramProcess server, BlobClient http, ExecutorService threads, boolean compacting)
      throws InterruptedException, ExecutionException {
    AtomicInteger written = new AtomicInteger();
    AtomicBoolean inCompaction = new AtomicBoolean();
    int killAfter = random.nextInt(MOST_WRITES);
    List<Future<?>> running = new ArrayList<>();
    for (RecordedClient client : clients) {
      running.add(
          threads.submit(() -> {
            while (client.write(http)) {
              written.incrementAndGet();
            }
          }));
    }
    if (compacting) {
      running.add(threads.submit(() -> compactUntilKilled(http, inCompaction)));
    }
    await()
        .atMost(ProgramProcess.PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(() ->
            running.stream().anyMatch(Future::isDone)
                || (written.get() >= killAfter && inCompaction.get() == compacting));
    boolean killedInCompaction = inCompaction.get();
    server.kill();
    for (Future<?> task : running) {
      task.get();
    }
    killsInCompactions += killedInCompaction ? 1 : 0;
  }

  /** Compacts again and again; {@code inCompaction} tells whether the answer is awaited. */
  private static void compactUntilKilled(BlobClient http, AtomicBoolean inCompaction) {
    boolean running = true;
    while (running) {
      inCompaction.set(true);
      try {
        assertThat(http.post("/admin/compact").statusCode()).isEqualTo(200);
      } catch (IOException e) {
        running = false;
      }
      inCompaction.set(false);
    }
  }

  private void check(BlobClient http, String where) throws IOException {
    List<String> present = new ArrayList<>();
    for (RecordedClient client : clients) {
      present.addAll(client.check(http, where));
    }
    present.sort(null);
    String listing = new String(http.getPath("/blobs").body(), StandardCharsets.UTF_8);
    assertThat(listing)
        .as(where)
        .isEqualTo(present.isEmpty() ? "[]" : "[\"" + String.join("\",\"", present) + "\"]");
  }

  private void report(int kills) {
    restartMillis.removeFirst(); // Nothing was there before.
    restartMillis.sort(null);
    String restarts =
        "%d / %d / %d ms"
            .formatted(
                restartMillis.getFirst(),
                restartMillis.get(restartMillis.size() / 2),
                restartMillis.getLast());
    long writes = clients.stream().mapToLong(RecordedClient::writes).sum();
    IO.println(
        "seed %d: %d kills, %d of them in compactions, %d acknowledged writes, 0 lost; restarts %s"
            .formatted(seed, kills, killsInCompactions, writes, restarts));
    new Tried("Kills")
        .count("kills", kills)
        .count("kills in compactions", killsInCompactions)
        .count("acknowledged writes", writes)
        .count("acknowledged writes lost", 0)
        .note("restart, least / median / most", restarts)
        .seed(seed);
  }
}
