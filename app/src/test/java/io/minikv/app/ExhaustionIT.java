package io.minikv.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minikv.testkit.Tried;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server with too little of something, or with too many clients: it refuses what it cannot do,
 * keeps what it acknowledged, goes on afterwards, and its memory stays bounded.
 */
@Timeout(300)
class ExhaustionIT {

  private static final String SMALL_MEMORY = "-Xmx64m -XX:MaxDirectMemorySize=32m";
  private static final long MOST_BYTES = 300L << 20;
  private static final int BLOB_BYTES = 64 << 10;
  private static final int CLIENTS = 8;

  @TempDir private Path folder;

  private final List<Socket> sockets = new ArrayList<>();

  // ---- memory

  @Tag("brief")
  @Test
  void aSmallHeapServesManyTimesAsManyBytes() throws Exception {
    storeAndRead(1_500);
  }

  @Tag("thorough")
  @Test
  void aSmallHeapServesTenThousandBlobsOf64KiB() throws Exception {
    storeAndRead(10_000);
  }

  private void storeAndRead(int blobs) throws Exception {
    Map<String, String> settings =
        Map.of("MINIKV_JAVA_OPTS", SMALL_MEMORY, "SEGMENT_SIZE_MB", "16", "DURABILITY", "interval");
    try (ProgramProcess server = ProgramProcess.serve(folder, settings);
        BlobClient client = new BlobClient(server.url())) {
      together(
          client,
          blobs,
          (http, key) ->
              assertThat(http.put("blob-" + key, blob(key)).statusCode()).isEqualTo(201));
      together(
          client,
          blobs,
          (http, key) -> assertThat(http.get("blob-" + key).body()).isEqualTo(blob(key)));
      assertThat(client.post("/admin/compact").statusCode()).isEqualTo(200);
      assertThat(client.getPath("/blobs?limit=5").statusCode()).isEqualTo(200);
      assertMemoryIsBounded(server, blobs + " blobs in a small heap");
      server.terminate();
      assertThat(server.exitStatus()).as(server.stderr()).isZero();
    }
  }

  /** Something that is done with each key. */
  private interface Request {

    void send(BlobClient client, int key) throws IOException;
  }

  private static void together(BlobClient client, int keys, Request request) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      for (int i = 0; i < CLIENTS; i++) {
        int first = i;
        running.add(
            threads.submit(() -> {
              for (int key = first; key < keys; key += CLIENTS) {
                request.send(client, key);
              }
              return null;
            }));
      }
    }
    for (Future<?> each : running) {
      each.get();
    }
  }

  private static byte[] blob(int key) {
    byte[] bytes = new byte[BLOB_BYTES];
    new Random(key).nextBytes(bytes);
    return bytes;
  }

  @Test
  void uploadsThatTogetherExceedTheHeapAreRefusedAndHarmNobody() throws Exception {
    try (ProgramProcess server =
            ProgramProcess.serve(folder, Map.of("MINIKV_JAVA_OPTS", SMALL_MEMORY));
        BlobClient client = new BlobClient(server.url())) {
      int port = port(server);
      assertThat(client.put("kept", blob(1)).statusCode()).isEqualTo(201);
      byte[] most = new byte[900_000];
      for (int i = 0; i < 200; i++) {
        Socket socket = connect(port);
        send(
            socket,
            "PUT /blobs/slow-" + i + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
        trySend(socket, most);
      }
      assertGoesOn(client);
      assertMemoryIsBounded(server, "200 uploads of 900,000 bytes that stop");
      disconnect();
      await()
          .atMost(ProgramProcess.PATIENCE)
          .untilAsserted(
              () -> assertThat(client.put("later", blob(2)).statusCode()).isEqualTo(201));
      assertThat(client.get("slow-0").statusCode()).isEqualTo(404);
    }
  }

  // ---- connections

  @Test
  void thousandsOfIdleAndSlowConnectionsHoldUpNobody() throws Exception {
    try (ProgramProcess server =
            ProgramProcess.serve(folder, Map.of("MINIKV_JAVA_OPTS", SMALL_MEMORY));
        BlobClient client = new BlobClient(server.url())) {
      int port = port(server);
      assertThat(client.put("kept", blob(1)).statusCode()).isEqualTo(201);
      for (int i = 0; i < 2_000; i++) {
        Socket idle = connect(port);
        Socket slow = connect(port);
        send(slow, "PUT /blobs/slow-" + i + " HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n12");
        assertThat(idle.isConnected()).isTrue();
      }
      assertGoesOn(client);
      assertMemoryIsBounded(server, "2,000 idle and 2,000 slow connections");
      disconnect();
      assertThat(client.put("later", blob(2)).statusCode()).isEqualTo(201);
      assertThat(client.get("slow-7").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void bodiesThatAreCutOffLeaveNothing() throws Exception {
    try (ProgramProcess server =
            ProgramProcess.serve(folder, Map.of("MINIKV_JAVA_OPTS", SMALL_MEMORY));
        BlobClient client = new BlobClient(server.url())) {
      int port = port(server);
      assertThat(client.put("kept", blob(1)).statusCode()).isEqualTo(201);
      Random random = new Random(5);
      for (int i = 0; i < 500; i++) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
          send(socket, "PUT /blobs/kept HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n");
          trySend(socket, new byte[random.nextInt(i % 10 == 0 ? 2_900_000 : 60_000)]);
        }
      }
      assertGoesOn(client);
      assertMemoryIsBounded(server, "500 bodies that are cut off");
      server.terminate();
      assertThat(server.exitStatus()).as(server.stderr()).isZero();
    }
  }

  @Test
  void floodsOfHeadersAreRefused() throws Exception {
    try (ProgramProcess server =
            ProgramProcess.serve(folder, Map.of("MINIKV_JAVA_OPTS", SMALL_MEMORY));
        BlobClient client = new BlobClient(server.url())) {
      int port = port(server);
      assertThat(client.put("kept", blob(1)).statusCode()).isEqualTo(201);
      byte[] header = ("X-Flood: " + "x".repeat(1_000) + "\r\n").getBytes(ISO_8859_1);
      for (int i = 0; i < 200; i++) {
        Socket socket = connect(port);
        send(socket, "GET /blobs/kept HTTP/1.1\r\nHost: h\r\n");
        boolean taken = true;
        for (int line = 0; line < 5_000 && taken; line++) {
          taken = trySend(socket, header);
        }
        assertThat(taken).as("5 MB of headers are taken").isFalse();
      }
      assertGoesOn(client);
      assertMemoryIsBounded(server, "200 floods of headers");
    }
  }

  // ---- descriptors

  @Test
  void tooFewDescriptorsCostConnectionsButNoData() throws Exception {
    Map<String, String> settings = Map.of("SEGMENT_SIZE_MB", "1");
    try (ProgramProcess server = ProgramProcess.serve(folder, settings, 160);
        BlobClient client = new BlobClient(server.url())) {
      int port = port(server);
      assertThat(client.put("kept", blob(1)).statusCode()).isEqualTo(201);
      for (int i = 0; i < 400; i++) {
        connect(port);
      }
      for (int key = 0; key < 100; key++) { // Several segments are begun and complete.
        assertThat(client.put("blob-" + key, blob(key)).statusCode()).isEqualTo(201);
      }
      assertGoesOn(client);
      disconnect();
      try (BlobClient another = new BlobClient(server.url())) {
        assertThat(another.put("later", blob(2)).statusCode()).isEqualTo(201);
        for (int key = 0; key < 100; key++) {
          assertThat(another.get("blob-" + key).body()).isEqualTo(blob(key));
        }
      }
    }
  }

  // ---- clients

  private Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(socket);
    return socket;
  }

  private static int port(ProgramProcess server) {
    return URI.create(server.url()).getPort();
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** Sends, and says whether the server has taken it; false when it has closed the connection. */
  private static boolean trySend(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void disconnect() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** What was stored is read, and other clients are answered. */
  private static void assertGoesOn(BlobClient client) throws IOException {
    HttpResponse<byte[]> kept = client.get("kept");
    assertThat(kept.statusCode()).isEqualTo(200);
    assertThat(kept.body()).isEqualTo(blob(1));
    assertThat(client.put("kept too", new byte[10]).statusCode()).isIn(200, 201);
    assertThat(client.getPath("/health/ready").statusCode()).isEqualTo(200);
  }

  private static void assertMemoryIsBounded(ProgramProcess server, String what) {
    long own = server.ownBytes();
    IO.println(what + ": " + (own >> 20) + " MiB of memory");
    new Tried("Exhaustion").note(what, (own >> 20) + " MiB of memory");
    assertThat(own).as(what).isLessThan(MOST_BYTES);
  }
}
