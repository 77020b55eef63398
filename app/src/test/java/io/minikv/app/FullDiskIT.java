package io.minikv.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.minikv.testkit.Tried;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server on a disk that runs full; skipped where this user may not mount a small one. */
@Timeout(180)
class FullDiskIT {

  private static final int DISK_MEGABYTES = 24;
  private static final int FILLER_BYTES = 6 << 20;
  private static final int MOST_WRITES = 10_000;
  private static final int DELETED = 20;

  @TempDir private Path folder;

  private final List<String> acknowledged = new ArrayList<>();

  @Test
  void aFullDiskRefusesWritesUntilThereIsSpaceAgain() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), DISK_MEGABYTES)) {
      assumeThat(disk.problem()).as("a small file system can be mounted").isEmpty();
      disk.fill(FILLER_BYTES);
      try (ProgramProcess server = serve(disk);
          BlobClient client = new BlobClient(server.url())) {
        HttpResponse<byte[]> refused = fill(client);

        assertThat(refused.statusCode()).isEqualTo(507);
        assertThat(new String(refused.body(), UTF_8)).contains("disk-full", "space");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(client.getPath("/health/ready").statusCode()).isEqualTo(503);
        assertThat(client.getPath("/health/live").statusCode()).isEqualTo(200);
        assertThat(new String(client.getPath("/health").body(), UTF_8))
            .contains("unwritable", "The disk is full");
        assertHoldsEverything(client);
        deleteSome(client);

        disk.free();
        store(client, "again");
        assertThat(client.getPath("/health/ready").statusCode()).isEqualTo(200);
        server.terminate();
        assertThat(server.exitStatus()).as(server.stderr()).isZero();
      }
      assertHoldsEverythingAfterRestart(disk);
    }
  }

  /** Others have taken what the log had left, so that there is not even room for a MANIFEST. */
  @Test
  void aServerThatWasKilledOnADiskWithoutAnySpaceServesReadsUntilThereIsSome() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), DISK_MEGABYTES)) {
      assumeThat(disk.problem()).as("a small file system can be mounted").isEmpty();
      try (ProgramProcess server = serve(disk);
          BlobClient client = new BlobClient(server.url())) {
        fill(client);
        disk.fill(Long.MAX_VALUE);
        assertThat(client.put("beyond", value("beyond")).statusCode()).isEqualTo(507);
        assertHoldsEverything(client);
        server.kill();
      }
      try (ProgramProcess server = serve(disk);
          BlobClient client = new BlobClient(server.url())) {
        assertHoldsEverything(client);
        assertThat(client.put("beyond", value("x".repeat(500_000))).statusCode()).isEqualTo(507);
        assertThat(client.getPath("/health/ready").statusCode()).isEqualTo(503);

        disk.free();
        store(client, "beyond");
        server.kill();
      }
      assertHoldsEverythingAfterRestart(disk);
    }
  }

  private static Map<String, String> settings(SmallDisk disk) {
    return Map.of(
        "DATA_DIR", disk.place().resolve("data").toString(), "SEGMENT_SIZE_MB", "1", "PORT", "0");
  }

  private ProgramProcess serve(SmallDisk disk) {
    return ProgramProcess.serve(folder, settings(disk));
  }

  /** Stores until a write is refused, and returns how. */
  private HttpResponse<byte[]> fill(BlobClient client) throws IOException {
    HttpResponse<byte[]> answer = null;
    for (int i = 0; i < MOST_WRITES && (answer == null || answer.statusCode() == 201); i++) {
      String key = "blob-" + i;
      answer = client.put(key, value(key));
      if (answer.statusCode() == 201) {
        acknowledged.add(key);
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(100);
    return answer;
  }

  /** On a full disk, too, as deletes have a reserve. */
  private void deleteSome(BlobClient client) throws IOException {
    for (int i = 0; i < DELETED; i++) {
      String key = acknowledged.removeFirst();
      assertThat(client.delete(key).statusCode()).isEqualTo(204);
      assertThat(client.get(key).statusCode()).isEqualTo(404);
    }
  }

  private void store(BlobClient client, String key) {
    await()
        .atMost(ProgramProcess.PATIENCE)
        .untilAsserted(() -> assertThat(client.put(key, value(key)).statusCode()).isIn(200, 201));
    acknowledged.add(key);
  }

  private void assertHoldsEverything(BlobClient client) throws IOException {
    for (String key : acknowledged) {
      assertThat(client.get(key).body()).as(key).isEqualTo(value(key));
    }
  }

  private void assertHoldsEverythingAfterRestart(SmallDisk disk) throws IOException {
    try (ProgramProcess server = serve(disk);
        BlobClient client = new BlobClient(server.url())) {
      assertHoldsEverything(client);
      assertThat(client.get("blob-0").statusCode())
          .isEqualTo(acknowledged.contains("blob-0") ? 200 : 404);
    }
    new Tried("Exhaustion").count("full disks", 1);
  }

  private static byte[] value(String key) {
    return (key + "x".repeat(9_000)).getBytes(UTF_8);
  }
}
