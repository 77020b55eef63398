package io.minikv.adapter.http;

import io.minikv.domain.Cursor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** The keys of a cursor as one JSON array, made piece by piece while it is sent. */
final class KeyArraySource implements PieceSource {

  private static final int PIECE_BYTES = 32 << 10;

  private final Cursor cursor;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE_BYTES);
  private final JsonGenerator json;
  private boolean begun;
  private boolean ended;

  KeyArraySource(Cursor cursor, Json json) {
    this.cursor = cursor;
    this.json = json.generator(piece);
  }

  @Override
  public Optional<ByteBuffer> next() {
    if (ended) {
      return Optional.empty();
    }
    piece.reset();
    if (!begun) {
      begun = true;
      json.writeStartArray();
    }
    while (piece.size() < PIECE_BYTES && !ended) {
      if (cursor.next()) {
        json.writePOJO(KeyJson.of(cursor.key()));
      } else {
        ended = true;
        json.writeEndArray();
        json.flush();
      }
    }
    return Optional.of(ByteBuffer.wrap(piece.toByteArray()));
  }

  @Override
  public void close() {
    cursor.close();
  }
}
