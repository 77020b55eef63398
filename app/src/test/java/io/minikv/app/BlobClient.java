package io.minikv.app;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Stores and reads blobs over HTTP. Thread-safe. */
final class BlobClient implements AutoCloseable {

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;

  /** For the server at {@code url}. */
  BlobClient(String url) {
    this.url = url;
  }

  HttpResponse<byte[]> put(String key, byte[] value) throws IOException {
    return send(request(key).PUT(BodyPublishers.ofByteArray(value)));
  }

  HttpResponse<byte[]> delete(String key) throws IOException {
    return send(request(key).DELETE());
  }

  HttpResponse<byte[]> get(String key) throws IOException {
    return send(request(key).GET());
  }

  /** Any request for a key; with a header, or with an empty name none. */
  HttpResponse<byte[]> ask(
      String method, String key, byte[] body, String header, String value, Duration timeout)
      throws IOException {
    HttpRequest.Builder request =
        request(key).method(method, BodyPublishers.ofByteArray(body)).timeout(timeout);
    return send(header.isEmpty() ? request : request.header(header, value));
  }

  /** A request for any path. */
  HttpResponse<byte[]> getPath(String path) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
  }

  /** A POST to any path. */
  HttpResponse<byte[]> post(String path) throws IOException {
    return send(HttpRequest.newBuilder(URI.create(url + path)).POST(BodyPublishers.noBody()));
  }

  private HttpRequest.Builder request(String key) {
    String segment = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    return HttpRequest.newBuilder(URI.create(url + "/blobs/" + segment));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
