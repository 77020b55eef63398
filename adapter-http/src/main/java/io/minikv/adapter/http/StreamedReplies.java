package io.minikv.adapter.http;

import io.undertow.server.HttpServerExchange;
import java.time.Duration;

/**
 * Sends long bodies in pieces, see {@link StreamedReply}.
 *
 * @param boundary told of what fails
 * @param stalledTransfer how long a client may not read
 */
record StreamedReplies(ErrorBoundary boundary, Duration stalledTransfer) {

  /**
   * Sends all of a source and closes it in the end; status and headers are set. To be called last
   * in the handler of a request.
   */
  void send(HttpServerExchange exchange, PieceSource source) {
    StreamedReply reply = new StreamedReply(exchange, source, boundary, stalledTransfer);
    exchange.dispatch(exchange.getConnection().getWorker(), reply);
  }
}
