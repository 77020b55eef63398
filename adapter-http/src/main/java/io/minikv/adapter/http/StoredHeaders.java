package io.minikv.adapter.http;

import io.minikv.domain.Attributes;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The headers that describe a body: stored with the blob as attributes, and given back with it. The
 * type that a blob has without one is not stored, so that most blobs have no attributes to write
 * and to read.
 */
final class StoredHeaders {

  static final String DEFAULT_TYPE = "application/octet-stream";

  /** Without its encoding, an encoded body would come back as something else. */
  private static final List<Stored> ALL =
      List.of(Stored.of(Headers.CONTENT_TYPE), Stored.of(Headers.CONTENT_ENCODING));

  private StoredHeaders() {}

  static Attributes ofRequest(HeaderMap request) {
    Map<String, String> texts = Map.of();
    for (Stored stored : ALL) {
      String text = request.getFirst(stored.header());
      if (text != null && isWorthStoring(text)) {
        texts = texts.isEmpty() ? new HashMap<>() : texts;
        texts.put(stored.attribute(), text.strip());
      }
    }
    return Attributes.copyOf(texts);
  }

  private static boolean isWorthStoring(String text) {
    return !text.isBlank() && !text.equals(DEFAULT_TYPE);
  }

  static void intoResponse(Attributes attributes, HeaderMap response) {
    response.put(Headers.CONTENT_TYPE, DEFAULT_TYPE);
    if (attributes.isEmpty()) {
      return;
    }
    for (Stored stored : ALL) {
      attributes
          .get(stored.attribute())
          .filter(StoredHeaders::isSafe)
          .ifPresent(text -> response.put(stored.header(), text));
    }
  }

  /** Other adapters may store what no header can hold. */
  private static boolean isSafe(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c != 0x7F && c <= 0xFF);
  }

  /**
   * A header that is stored.
   *
   * @param header its name
   * @param attribute the name of the attribute with its text
   */
  private record Stored(HttpString header, String attribute) {

    static Stored of(HttpString header) {
      return new Stored(header, header.toString().toLowerCase(Locale.ROOT));
    }
  }
}
