package io.minikv.adapter.http;

import io.minikv.domain.Attributes;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The headers that describe a body: stored with the blob as attributes, and given back with it. */
final class StoredHeaders {

  static final String DEFAULT_TYPE = "application/octet-stream";

  /** Without its encoding, an encoded body would come back as something else. */
  private static final List<HttpString> NAMES =
      List.of(Headers.CONTENT_TYPE, Headers.CONTENT_ENCODING);

  private StoredHeaders() {}

  static Attributes ofRequest(HeaderMap request) {
    Map<String, String> texts = new HashMap<>();
    for (HttpString name : NAMES) {
      String text = request.getFirst(name);
      if (text != null && !text.isBlank()) {
        texts.put(attribute(name), text.strip());
      }
    }
    return Attributes.copyOf(texts);
  }

  static void intoResponse(Attributes attributes, HeaderMap response) {
    response.put(Headers.CONTENT_TYPE, DEFAULT_TYPE);
    for (HttpString name : NAMES) {
      attributes
          .get(attribute(name))
          .filter(StoredHeaders::isSafe)
          .ifPresent(text -> response.put(name, text));
    }
  }

  /** Other adapters may store what no header can hold. */
  private static boolean isSafe(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c != 0x7F && c <= 0xFF);
  }

  private static String attribute(HttpString name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }
}
