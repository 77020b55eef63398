package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tree of files is stored by concurrent clients, and the server is killed in the middle. What it
 * had acknowledged is there when it is started again, byte for byte; of what was under way, nothing
 * or all.
 */
class TreeRecoveryIT {

  private static final int FILES = 300;
  private static final int CLIENTS = 8;

  /** Small segments and an eager compaction, so that kills hit those too. */
  private static final Map<String, String> SETTINGS =
      Map.of("SEGMENT_SIZE_MB", "1", "COMPACTION_INTERVAL_SECS", "1", "COMPACTION_THRESHOLD", "2");

  @TempDir Path folder;

  private final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();

  @Test
  void everyAcknowledgedFileSurvivesAKill() throws IOException {
    killAndCheck(2);
  }

  private void killAndCheck(int rounds) throws IOException {
    long seed = Long.getLong("minikv.test.seed", System.nanoTime());
    // Replay with -Dminikv.test.seed.
    Files.writeString(folder.resolve("seed"), Long.toString(seed));
    Random random = new Random(seed);
    for (int round = 1; round <= rounds; round++) {
      String where = "seed " + seed + ", round " + round;
      Map<String, byte[]> attempted = storeAndKill(random.nextLong(), random.nextInt(FILES));
      checkOverHttp(attempted, where);
    }
    checkByCommands("seed " + seed);
  }

  /** Stores a tree until {@code killAfter} files are acknowledged; gives back all that was sent. */
  private Map<String, byte[]> storeAndKill(long seed, int killAfter) {
    Map<String, byte[]> tree = GeneratedTree.of(seed, FILES);
    Queue<String> names = new ConcurrentLinkedQueue<>(GeneratedTree.shuffled(tree, seed));
    Map<String, byte[]> attempted = new ConcurrentHashMap<>();
    Set<String> done = ConcurrentHashMap.newKeySet();
    try (ProgramProcess server = ProgramProcess.serve(folder, SETTINGS);
        BlobClient client = new BlobClient(server.url());
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.execute(() -> {
          String name;
          while ((name = names.poll()) != null) {
            attempted.put(name, tree.get(name));
            if (!isAcknowledged(client, name, tree.get(name))) {
              return;
            }
            acknowledged.put(name, tree.get(name));
            attempted.remove(name);
            done.add(name);
          }
        });
      }
      await()
          .atMost(ProgramProcess.PATIENCE)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> done.size() >= killAfter);
      server.kill();
    }
    return attempted;
  }

  /** False when the server was killed over it, so that nobody knows the outcome. */
  private static boolean isAcknowledged(BlobClient client, String name, byte[] content) {
    HttpResponse<byte[]> answer;
    try {
      answer = client.put(name, content);
    } catch (IOException e) {
      return false;
    }
    assertThat(answer.statusCode()).isIn(200, 201);
    return true;
  }

  private void checkOverHttp(Map<String, byte[]> attempted, String where) throws IOException {
    try (ProgramProcess server = ProgramProcess.serve(folder, SETTINGS);
        BlobClient client = new BlobClient(server.url())) {
      for (Map.Entry<String, byte[]> file : attempted.entrySet()) {
        HttpResponse<byte[]> answer = client.get(file.getKey());
        if (answer.statusCode() == 200 && Arrays.equals(answer.body(), file.getValue())) {
          // It was written, though nobody was told: from here on it may not change any more.
          acknowledged.put(file.getKey(), file.getValue());
        } else if (!acknowledged.containsKey(file.getKey())) {
          assertThat(answer.statusCode()).as("%s: %s", where, file.getKey()).isEqualTo(404);
        }
      }
      for (Map.Entry<String, byte[]> file : acknowledged.entrySet()) {
        HttpResponse<byte[]> answer = client.get(file.getKey());
        assertThat(answer.statusCode()).as("%s: %s", where, file.getKey()).isEqualTo(200);
        assertThat(answer.body()).as("%s: %s", where, file.getKey()).isEqualTo(file.getValue());
      }
      server.terminate();
      assertThat(server.exitStatus()).as(where).isZero();
    }
  }

  private void checkByCommands(String where) throws IOException {
    List<String> names = new ArrayList<>(new HashSet<>(acknowledged.keySet()));
    Base64.Encoder base64 = Base64.getEncoder();
    List<String> questions = new ArrayList<>();
    for (String name : names) {
      byte[] key = name.getBytes(StandardCharsets.UTF_8);
      questions.add("get --base64 " + base64.encodeToString(key));
    }
    Path input = Files.write(folder.resolve("questions"), questions);

    ProgramProcess shell = ProgramProcess.run(folder, SETTINGS, input);

    assertThat(shell.exitStatus()).as("%s: %s", where, shell.stderr()).isZero();
    Iterator<String> answers = shell.stdout().lines().iterator();
    for (String name : names) {
      assertThat(answers.next())
          .as("%s: %s", where, name)
          .isEqualTo(base64.encodeToString(acknowledged.get(name)));
    }
  }
}
