package io.minikv.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs that are larger than the memory of the server. */
class LargeBlobIT {

  private static final int PIECE = 1 << 20;
  private static final Map<String, String> SMALL_MEMORY =
      Map.of("MINIKV_JAVA_OPTS", "-Xmx48m", "MAX_REQUEST_SIZE_MB", "512");

  @TempDir private Path folder;

  @Tag("brief")
  @Test
  void aBlobLargerThanTheMemoryOfTheServerGoesInAndOut() throws Exception {
    roundTrip(64);
  }

  @Tag("thorough")
  @Test
  void aBlobOfHundredsOfMegabytesGoesInAndOut() throws Exception {
    roundTrip(256);
  }

  private void roundTrip(int megabytes) throws Exception {
    try (ProgramProcess server = ProgramProcess.serve(folder, SMALL_MEMORY);
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      URI uri = URI.create(server.url() + "/blobs/film");
      HttpRequest put =
          HttpRequest.newBuilder(uri)
              .PUT(BodyPublishers.ofInputStream(() -> film(megabytes)))
              .build();
      assertThat(http.send(put, BodyHandlers.ofString()).statusCode()).isEqualTo(201);

      HttpResponse<InputStream> whole =
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
      assertThat(checksum(whole.body())).isEqualTo(checksum(film(megabytes)));

      HttpRequest part = HttpRequest.newBuilder(uri).header("Range", "bytes=-100").build();
      HttpResponse<byte[]> end = http.send(part, BodyHandlers.ofByteArray());
      assertThat(end.statusCode()).isEqualTo(206);
      assertThat(end.body()).hasSize(100);
    }
  }

  @Test
  void anUploadThatIsCutLeavesNoFile() throws Exception {
    try (ProgramProcess server = ProgramProcess.serve(folder, SMALL_MEMORY)) {
      URI uri = URI.create(server.url());
      try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
        OutputStream out = socket.getOutputStream();
        out.write(
            "PUT /blobs/film HTTP/1.1\r\nHost: h\r\nContent-Length: 20000000\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[10 * PIECE]);
        out.flush();
        await().atMost(ProgramProcess.PATIENCE).until(() -> valueFiles() == 1);
      }
      await().atMost(ProgramProcess.PATIENCE).until(() -> valueFiles() == 0);
    }
  }

  private long valueFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data"))) {
      return files.filter(file -> file.toString().endsWith(".val")).count();
    }
  }

  /** The same megabyte of random bytes again and again, a byte longer than whole megabytes. */
  private static InputStream film(int megabytes) {
    byte[] piece = new byte[PIECE];
    new Random(7).nextBytes(piece);
    return new SequenceInputStream(
        Collections.enumeration(
            Stream.concat(
                    Stream.generate(() -> new ByteArrayInputStream(piece)).limit(megabytes),
                    Stream.of(new ByteArrayInputStream(new byte[] {1})))
                .toList()));
  }

  private static long checksum(InputStream bytes) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] piece = new byte[PIECE];
    for (int count = bytes.read(piece); count >= 0; count = bytes.read(piece)) {
      checksum.update(piece, 0, count);
    }
    return checksum.getValue();
  }
}
