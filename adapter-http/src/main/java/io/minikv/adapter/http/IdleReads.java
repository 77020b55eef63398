package io.minikv.adapter.http;

import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Keeps the connection of a request that is answered later in the selector, although nothing is
 * read before the answer. Undertow stops waiting for a connection while a request is under way,
 * which costs nothing as long as it waits again before the I/O thread looks for the next events.
 * After that it is two calls of the operating system, one out of the selector and one into it.
 */
final class IdleReads {

  private IdleReads() {}

  /**
   * To be called on the I/O thread when the whole request was read. What a client sends before it
   * has its answer stays where it is, and takes the connection out of the selector after all; so
   * does the end of the connection. Undertow reads on when it has sent the answer.
   */
  static void begin(HttpServerExchange exchange) {
    if (exchange.getConnection() instanceof AbstractServerConnection connection) {
      StreamSourceConduit conduit = connection.getOriginalSourceConduit();
      connection.getChannel().getSourceChannel().setReadListener(_ -> conduit.suspendReads());
      conduit.resumeReads();
    }
  }
}
