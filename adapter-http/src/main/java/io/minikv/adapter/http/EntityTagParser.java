package io.minikv.adapter.http;

import java.util.HashSet;
import java.util.Set;

/** Reads a list of entity tags. A tag may hold commas, so that splitting will not do. */
final class EntityTagParser {

  private final String header;
  private final String list;
  private final Set<String> strong = new HashSet<>();
  private final Set<String> weak = new HashSet<>();
  private int at;

  EntityTagParser(String header, String list) {
    this.header = header;
    this.list = list;
  }

  EntityTags parse() {
    skipSeparators();
    while (at < list.length()) {
      boolean isWeak = list.startsWith("W/", at);
      at += isWeak ? 2 : 0;
      (isWeak ? weak : strong).add(quoted());
      int end = at;
      skipSeparators();
      if (at < list.length() && list.substring(end, at).indexOf(',') < 0) {
        throw malformed();
      }
    }
    if (strong.isEmpty() && weak.isEmpty()) {
      throw malformed();
    }
    return new EntityTags(false, strong, weak);
  }

  private String quoted() {
    int end = at < list.length() && list.charAt(at) == '"' ? list.indexOf('"', at + 1) : -1;
    if (end < 0) {
      throw malformed();
    }
    String tag = list.substring(at + 1, end);
    at = end + 1;
    return tag;
  }

  private void skipSeparators() {
    while (at < list.length() && ", \t".indexOf(list.charAt(at)) >= 0) {
      at++;
    }
  }

  private ProblemException malformed() {
    return ProblemException.badRequest(
        header
            + " is * or a list of entity tags, each in double quotes, as "
            + header
            + ": \"12\".");
  }
}
