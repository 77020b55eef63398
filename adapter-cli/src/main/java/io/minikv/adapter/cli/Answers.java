package io.minikv.adapter.cli;

import io.minikv.domain.EntryInfo;
import io.minikv.domain.Key;
import io.minikv.domain.Value;
import java.util.Optional;

/** The answers of a command, as text or as one JSON object a line. */
final class Answers {

  private static final String NOT_FOUND = "Key not found";

  private final Output out;
  private final Output refusals;
  private final Presentation presentation;

  Answers(Output out, Output refusals, Presentation presentation) {
    this.out = out;
    this.refusals = refusals;
    this.presentation = presentation;
  }

  boolean isJson() {
    return presentation.json();
  }

  Style style() {
    return presentation.style();
  }

  /** One answer, in either form. */
  void say(String text, JsonObject json) {
    out.line(isJson() ? json.toString() : text);
  }

  /** The key is absent. */
  ExitStatus notFound(Key key, EncodingOptions encoding) {
    JsonObject json =
        new JsonObject()
            .put("error", NOT_FOUND)
            .putBytes("key", key.toByteArray(), encoding.keys())
            .put("status", ExitStatus.NOT_FOUND.code());
    refusals.line(isJson() ? json.toString() : NOT_FOUND);
    return ExitStatus.NOT_FOUND;
  }

  /** What was asked for cannot be done, told in the words that the shell always had. */
  ExitStatus refuse(String text, ExitStatus status) {
    refusals.line(isJson() ? ErrorReporter.json(text, status).toString() : text);
    return status;
  }

  /** A key of a list. */
  void key(Key key, EncodingOptions encoding) {
    if (isJson()) {
      out.line(new JsonObject().putBytes("key", key.toByteArray(), encoding.keys()).toString());
    } else {
      String indent = presentation.shell() ? "  " : "";
      out.line(indent + encoding.keys().encode(key.toByteArray()));
    }
  }

  /** Key and value on one line, between them a tab, which neither can contain. */
  void pair(EntryInfo info, Value value, EncodingOptions encoding) {
    if (isJson()) {
      out.line(entryJson(info, value, encoding).toString());
    } else {
      String key = encoding.keys().encode(info.key().toByteArray());
      out.line(style().key(key) + "\t" + encoding.values().encode(value.toByteArray()));
    }
  }

  /**
   * A value: for a program exactly its bytes, for a person without what a terminal would obey.
   * Where more follows, or a person reads it, a line feed ends it.
   */
  void value(EntryInfo info, Value value, EncodingOptions encoding) {
    if (isJson()) {
      out.line(entryJson(info, value, encoding).toString());
    } else if (encoding.values() != Encoding.TEXT) {
      out.line(encoding.values().encode(value.toByteArray()));
    } else if (presentation.terminal()) {
      out.line(Notation.display(value.toByteArray()));
    } else {
      out.bytes(value.toByteArray());
      if (presentation.shell()) {
        out.line("");
      }
    }
  }

  private static JsonObject entryJson(EntryInfo info, Value value, EncodingOptions encoding) {
    Optional<?> expiresAt = info.expiresAt();
    return new JsonObject()
        .putBytes("key", info.key().toByteArray(), encoding.keys())
        .putBytes("value", value.toByteArray(), encoding.values())
        .put("size", info.valueLength())
        .put("version", info.version().sequence())
        .put("written_at", info.writtenAt().toString())
        .put("expires_at", expiresAt)
        .put("attributes", info.attributes().asMap());
  }
}
