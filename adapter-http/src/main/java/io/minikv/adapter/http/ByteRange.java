package io.minikv.adapter.http;

import io.minikv.domain.Version;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which part of a value a request asks for (RFC 9110, 14). */
sealed interface ByteRange {

  /** All of it. */
  record Whole() implements ByteRange {}

  /**
   * A part of it, within the value.
   *
   * @param first the index of its first byte
   * @param last the index of its last byte
   */
  record Part(long first, long last) implements ByteRange {

    long length() {
      return last - first + 1;
    }

    String contentRange(long total) {
      return "bytes " + first + "-" + last + "/" + total;
    }
  }

  /** A part that the value does not have: 416. */
  record Unsatisfiable() implements ByteRange {}

  /** One range with a beginning, an end, or both. */
  Pattern SINGLE =
      Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

  /**
   * The part that the headers ask for. What is malformed, of another unit, or more than one range
   * is answered with the whole, as the standard allows.
   *
   * @param range the header Range
   * @param ifRange the header If-Range; a date never matches, because two writes may share a second
   */
  static ByteRange parse(
      @Nullable String range, @Nullable String ifRange, Version version, long total) {
    if (range == null || (ifRange != null && !ifRange.strip().equals(EntityTags.of(version)))) {
      return new Whole();
    }
    Matcher matcher = SINGLE.matcher(range);
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return new Whole();
    }
    return matcher.group(1).isEmpty()
        ? suffix(Long.parseLong(matcher.group(2)), total)
        : fromFirst(Long.parseLong(matcher.group(1)), matcher.group(2), total);
  }

  private static ByteRange suffix(long length, long total) {
    return length == 0 || total == 0
        ? new Unsatisfiable()
        : new Part(Math.max(0, total - length), total - 1);
  }

  private static ByteRange fromFirst(long first, String lastText, long total) {
    long last = lastText.isEmpty() ? Long.MAX_VALUE : Long.parseLong(lastText);
    if (last < first) {
      return new Whole();
    }
    return first >= total ? new Unsatisfiable() : new Part(first, Math.min(last, total - 1));
  }
}
