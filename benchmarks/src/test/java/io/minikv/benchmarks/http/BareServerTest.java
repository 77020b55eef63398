package io.minikv.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BareServerTest {

  private Undertow server;
  private HttpClient client;

  @BeforeEach
  void start() {
    server = BareServer.start(0, 1_024);
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop();
  }

  @Test
  void answers_any_get_with_as_many_bytes_as_it_was_told() throws Exception {
    assertThat(send(request().GET()).body()).hasSize(1_024);
  }

  @Test
  void receives_the_body_of_a_post() throws Exception {
    var post = request().POST(BodyPublishers.ofByteArray(new byte[100_000]));

    assertThat(send(post).statusCode()).isEqualTo(201);
  }

  private HttpRequest.Builder request() {
    int port = ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/blobs/key"));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }
}
