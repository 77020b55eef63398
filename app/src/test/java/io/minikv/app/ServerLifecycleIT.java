package io.minikv.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLifecycleIT {

  @TempDir Path folder;

  @Test
  void itServesAndSaysWhereAndWithWhatAndEndsWithZeroOnSigterm() throws IOException {
    try (ProgramProcess server = ProgramProcess.serve(folder, Map.of("VOLUME_ID", "vol-7"));
        BlobClient client = new BlobClient(server.url())) {
      assertThat(client.put("a/b c/ü", "hello".getBytes(UTF_8)).statusCode()).isEqualTo(201);
      assertThat(client.get("a/b c/ü").body()).asString(UTF_8).isEqualTo("hello");
      assertThat(client.getPath("/health").body())
          .asString(UTF_8)
          .contains("\"status\":\"healthy\"", "\"volume_id\":\"vol-7\"");

      server.terminate();

      assertThat(server.exitStatus()).as(server.stderr()).isZero();
      assertThat(server.stdout()).isEmpty();
      assertThat(server.stderr().lines())
          .satisfiesExactly(
              line -> assertThat(line).contains("Store in " + folder.resolve("data"), "created."),
              line -> assertThat(line).contains("MiniKV listens on http://127.0.0.1:", "vol-7"),
              line -> assertThat(line).contains("SIGTERM: finishing the requests under way"),
              line -> assertThat(line).contains("The store is closed."));
    }
  }

  @Test
  void itMakesBackupsThatOpenAsStores() throws IOException {
    try (ProgramProcess server =
            ProgramProcess.serve(folder, Map.of("BACKUP_DIR", folder.resolve("b").toString()));
        BlobClient client = new BlobClient(server.url())) {
      assertThat(client.put("k", "v".getBytes(UTF_8)).statusCode()).isEqualTo(201);
      assertThat(client.post("/admin/backup?name=one").statusCode()).isEqualTo(202);
      await()
          .untilAsserted(() ->
              assertThat(client.getPath("/admin/jobs/1").body())
                  .asString(UTF_8)
                  .contains("\"status\":\"done\"", "\"name\":\"one\""));
    }
    ProgramProcess get = ProgramProcess.run(folder, Map.of(), "--data-dir", "b/one", "get", "k");
    assertThat(get.stdout()).as(get.stderr()).isEqualTo("v");
  }

  @Test
  void aSecondSignalCutsOffAClientThatTheFirstOneWaitsFor() throws IOException {
    try (ProgramProcess server = ProgramProcess.serve(folder, Map.of());
        Socket client =
            new Socket(InetAddress.getLoopbackAddress(), URI.create(server.url()).getPort())) {
      String head =
          "PUT /blobs/k HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
      client.getOutputStream().write(head.getBytes(UTF_8));
      // The request is under way when the server asks for the body, which never comes.
      String answer = "HTTP/1.1 100 Continue";
      assertThat(client.getInputStream().readNBytes(answer.length()))
          .asString(UTF_8)
          .isEqualTo(answer);

      server.terminate();
      server.awaitOnStderr("finishing the requests under way");
      server.terminate();

      assertThat(server.exitStatus()).as(server.stderr()).isZero();
      assertThat(server.stderr()).contains("again: cutting off", "The store is closed.");
    }
  }

  @Test
  void whatWasStoredIsThereAfterARestartAndTheOpeningWasClean() throws IOException {
    try (ProgramProcess server = ProgramProcess.serve(folder, Map.of());
        BlobClient client = new BlobClient(server.url())) {
      assertThat(client.put("k", new byte[] {0, 1, 2}).statusCode()).isEqualTo(201);
      server.terminate();
      assertThat(server.exitStatus()).as(server.stderr()).isZero();
    }
    try (ProgramProcess server = ProgramProcess.serve(folder, Map.of());
        BlobClient client = new BlobClient(server.url())) {
      assertThat(client.get("k").body()).containsExactly(0, 1, 2);
      assertThat(server.stderr()).contains("it had been closed; 1 keys");
    }
  }

  @Test
  void aDirectoryInUseAndAPortInUseAreOneClearLineEachAndTheStatusThree() {
    try (ProgramProcess server = ProgramProcess.serve(folder, Map.of())) {
      ProgramProcess sameDirectory = ProgramProcess.run(folder, Map.of("PORT", "0"), "serve");
      assertThat(sameDirectory.exitStatus()).isEqualTo(3);
      assertThat(sameDirectory.stderr())
          .hasLineCount(1)
          .startsWith("minikv: ")
          .contains(folder.resolve("data").toString(), "in use");

      String port = server.url().substring(server.url().lastIndexOf(':') + 1);
      ProgramProcess samePort =
          ProgramProcess.run(
              folder, Map.of("PORT", port, "LOG_LEVEL", "warn", "DATA_DIR", "other"), "serve");
      assertThat(samePort.exitStatus()).isEqualTo(3);
      assertThat(samePort.stderr())
          .hasLineCount(1)
          .startsWith("minikv: the server cannot start: port " + port)
          .contains("in use");
    }
  }

  @Test
  void allMistakesOfTheConfigurationAreToldAtOnceWithTheStatusTwo() {
    ProgramProcess server =
        ProgramProcess.run(
            folder,
            Map.of("PORT", "70000", "DURABILITY", "maybe", "BIND_ADDRESS", "0.0.0.0"),
            "serve");
    assertThat(server.exitStatus()).isEqualTo(2);
    assertThat(server.stderr().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("minikv: "))
        .anyMatch(line -> line.contains("PORT=70000 is wrong: give a whole number from 0 to 65535"))
        .anyMatch(
            line -> line.contains("DURABILITY=maybe is wrong: give one of os, interval, always"))
        .anyMatch(line -> line.contains("BIND_ADDRESS=0.0.0.0 is wrong"));
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void itListensOnEveryAddressWhenEverybodyMayCome() throws IOException {
    Map<String, String> open = Map.of("BIND_ADDRESS", "0.0.0.0", "ALLOW_ANONYMOUS", "true");
    try (ProgramProcess server = ProgramProcess.serve(folder, open);
        BlobClient client = new BlobClient(server.url().replace("0.0.0.0", "127.0.0.1"))) {
      assertThat(client.getPath("/health").statusCode()).isEqualTo(200);
    }
  }
}
