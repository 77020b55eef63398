package io.minikv.benchmarks.http;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The least that a server of the same library can do: it answers a GET with the same bytes always,
 * receives the body of a POST, and stores nothing. What MiniKV's server takes beside it is its own.
 */
@Command(
    name = "bare-server",
    description = "A server that stores nothing, to measure MiniKV's beside it.")
public final class BareServer implements Callable<Integer> {

  @Option(names = "--port", description = "Of 127.0.0.1.", required = true)
  private int port;

  @Option(
      names = "--value-bytes",
      description = "The length of the answer to a GET (default: ${DEFAULT-VALUE}).",
      defaultValue = "1024")
  private int valueBytes;

  @Override
  public Integer call() throws InterruptedException {
    start(port, valueBytes);
    new CountDownLatch(1).await(); // Until the process is ended.
    return 0;
  }

  static Undertow start(int port, int valueBytes) {
    Undertow server =
        Undertow.builder()
            .addHttpListener(port, "127.0.0.1")
            .setHandler(new Handler(valueBytes))
            .build();
    server.start();
    return server;
  }

  private static final class Handler implements HttpHandler {

    private final ByteBuffer value;

    Handler(int valueBytes) {
      value = ByteBuffer.allocateDirect(valueBytes);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
      exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/octet-stream");
      if (exchange.getRequestMethod().equals(Methods.POST)) {
        exchange
            .getRequestReceiver()
            .receiveFullBytes(
                (received, _) -> received.setStatusCode(StatusCodes.CREATED).endExchange());
      } else {
        exchange.getResponseSender().send(value.duplicate());
      }
    }
  }
}
