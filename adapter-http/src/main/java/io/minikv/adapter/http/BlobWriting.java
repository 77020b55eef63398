package io.minikv.adapter.http;

import io.minikv.domain.Capability;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.domain.WriteResult;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * {@code PUT}, {@code POST} and {@code DELETE} of a blob. No thread waits: the body is received as
 * it comes, a long one by the store itself in pieces, the store completes the write, and the answer
 * goes out on the I/O thread.
 *
 * <p>Parameters: {@code durability} ({@code always}, {@code interval}, {@code os}) asks for more
 * than the store's setting; {@code ttl}, of {@code PUT} and {@code POST}, is the time to live in
 * seconds.
 */
final class BlobWriting {

  private static final String DURABILITY = "durability";
  private static final String TTL = "ttl";

  private final KeyValueStore store;
  private final boolean takesStreams;
  private final String volumeId;
  private final BodyReceiver bodies;
  private final Replies replies;
  private final ErrorBoundary boundary;

  /** What a stored blob is answered with. */
  private record StoredView(Object key, String etag, long size, String volumeId) {}

  BlobWriting(
      KeyValueStore store,
      String volumeId,
      BodyReceiver bodies,
      Replies replies,
      ErrorBoundary boundary) {
    this.store = store;
    this.takesStreams = store.capabilities().contains(Capability.STREAMED_WRITES);
    this.volumeId = volumeId;
    this.bodies = bodies;
    this.replies = replies;
    this.boundary = boundary;
  }

  /** Says whether the blob is new: 201, or 200 when another was replaced. */
  void put(HttpServerExchange exchange) {
    store(exchange, result -> result.created() ? StatusCodes.CREATED : StatusCodes.OK);
  }

  /** As {@link #put}, with 201 in either case, as the predecessors answered. */
  void post(HttpServerExchange exchange) {
    store(exchange, _ -> StatusCodes.CREATED);
  }

  void delete(HttpServerExchange exchange) {
    RequestTarget target = RequestContext.of(exchange).target();
    Query query = Query.parse(target, Set.of(DURABILITY));
    Key key = BlobPath.keyOf(target);
    Mutation delete = new Mutation.Delete(key, condition(exchange, key));
    Durability durability = durability(query);
    exchange.dispatch(
        SameThreadExecutor.INSTANCE,
        () ->
            boundary.run(
                exchange,
                () ->
                    write(
                        exchange,
                        delete,
                        durability,
                        _ -> replies.empty(exchange, StatusCodes.NO_CONTENT))));
  }

  private void store(HttpServerExchange exchange, StatusOf status) {
    RequestTarget target = RequestContext.of(exchange).target();
    Query query = Query.parse(target, Set.of(DURABILITY, TTL));
    Key key = BlobPath.keyOf(target);
    Condition condition = condition(exchange, key);
    Durability durability = durability(query);
    Expiry expiry = expiry(query);
    var attributes = StoredHeaders.ofRequest(exchange.getRequestHeaders());
    if (takesStreams && BodyReceiver.isLong(exchange)) {
      bodies.stream(
          exchange,
          () -> store.openWriter(key, attributes, expiry, condition),
          writer ->
              answer(
                  exchange,
                  writer.commitAsync(durability),
                  result ->
                      answerStored(exchange, key, writer.length(), result, status.of(result))));
      return;
    }
    bodies.receive(
        exchange,
        body -> {
          Value value = Value.wrap(body);
          Mutation put = new Mutation.Put(key, value, attributes, expiry, condition);
          write(
              exchange,
              put,
              durability,
              result -> answerStored(exchange, key, value.length(), result, status.of(result)));
        });
  }

  private void answerStored(
      HttpServerExchange exchange, Key key, long length, WriteResult result, int status) {
    Version version = result.version().orElseThrow();
    exchange.getResponseHeaders().put(Headers.ETAG, EntityTags.of(version));
    replies.json(
        exchange, status, new StoredView(KeyJson.of(key), version.toString(), length, volumeId));
  }

  /** Starts a write and answers when it is done, both on the I/O thread of the connection. */
  private void write(
      HttpServerExchange exchange, Mutation mutation, Durability durability, Answer answer) {
    IdleReads.begin(exchange);
    answer(exchange, store.writeAsync(mutation, durability), answer);
  }

  private void answer(
      HttpServerExchange exchange, CompletionStage<WriteResult> write, Answer answer) {
    write.whenComplete((result, failure) ->
        exchange.dispatch(
            exchange.getIoThread(),
            boundary.around(_ -> {
              if (failure == null) {
                answer.send(result);
              } else {
                boundary.fail(exchange, failure);
              }
            })));
  }

  private Condition condition(HttpServerExchange exchange, Key key) {
    return Preconditions.of(exchange.getRequestHeaders()).forWrite(() -> store.info(key));
  }

  private static Durability durability(Query query) {
    return query
        .text(DURABILITY)
        .map(text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "always" -> Durability.ALWAYS;
              case "interval" -> Durability.INTERVAL;
              case "os" -> Durability.OS;
              default ->
                  throw ProblemException.badRequest(
                      "\"durability\" is always, interval or os, not \"" + text + "\".");
            })
        .orElse(Durability.OS);
  }

  private static Expiry expiry(Query query) {
    return query.number(TTL).map(BlobWriting::after).orElseGet(Expiry::never);
  }

  private static Expiry after(long seconds) {
    try {
      return Expiry.after(Duration.ofSeconds(seconds));
    } catch (InvalidRequestException _) {
      throw ProblemException.badRequest(
          "\"ttl\" lies between 1 second and 100 years, not at " + seconds + " seconds.");
    }
  }

  @FunctionalInterface
  private interface StatusOf {
    int of(WriteResult result);
  }

  @FunctionalInterface
  private interface Answer {
    void send(WriteResult result);
  }
}
