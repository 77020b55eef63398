package io.minikv.adapter.http;

import io.minikv.domain.KeyValueStore;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on a free port, and a client of it. */
final class TestServer implements AutoCloseable {

  static final HttpServerConfig CONFIG = HttpServerConfig.DEFAULT.withPort(0);

  private static final JsonMapper JSON = new JsonMapper();

  final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  TestServer(
      HttpServerConfig config,
      KeyValueStore store,
      StoreMaintenance maintenance,
      InstantSource clock) {
    try {
      this.server = HttpServer.start(config, store, maintenance, clock);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static TestServer of(InMemoryKeyValueStore store) {
    return of(CONFIG, store);
  }

  static TestServer of(HttpServerConfig config, InMemoryKeyValueStore store) {
    return new TestServer(config, store, store, InstantSource.system());
  }

  int port() {
    return server.address().getPort();
  }

  URI uri(String target) {
    return URI.create("http://127.0.0.1:" + port() + target);
  }

  HttpClient client() {
    return client;
  }

  /** Headers alternate: name, value. */
  HttpResponse<String> send(String method, String target, BodyPublisher body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(target)).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String target, String... headers) {
    return send("GET", target, BodyPublishers.noBody(), headers);
  }

  HttpResponse<String> head(String target, String... headers) {
    return send("HEAD", target, BodyPublishers.noBody(), headers);
  }

  HttpResponse<String> delete(String target, String... headers) {
    return send("DELETE", target, BodyPublishers.noBody(), headers);
  }

  HttpResponse<String> put(String target, String body, String... headers) {
    return send("PUT", target, BodyPublishers.ofString(body), headers);
  }

  HttpResponse<String> post(String target, String body, String... headers) {
    return send("POST", target, BodyPublishers.ofString(body), headers);
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  static String etag(HttpResponse<?> response) {
    return response.headers().firstValue("ETag").orElseThrow();
  }

  RawConnection connect() {
    return new RawConnection(port());
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
