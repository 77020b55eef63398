package io.minikv.adapter.http;

import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.ScanOptions;
import java.util.Optional;
import java.util.Set;

/**
 * What a listing asks for. Keys in parameters are percent-encoded bytes, as in paths.
 *
 * <ul>
 *   <li>{@code prefix}: only keys that begin with it
 *   <li>{@code reverse}: the greatest key first
 *   <li>{@code start-after}: begins behind this key, in the order of the listing, so that the last
 *       key of a page begins the next
 *   <li>{@code end}: ends before this key, in the order of the listing
 *   <li>{@code limit}: so many keys at the most; all of them without it
 * </ul>
 */
record ListingRequest(KeyRange range, ScanOptions options) {

  private static final Set<String> PARAMETERS =
      Set.of("prefix", "start-after", "end", "limit", "reverse");

  static ListingRequest parse(RequestTarget target) {
    Query query = Query.parse(target, PARAMETERS);
    boolean reverse = query.flag("reverse");
    Optional<Key> startAfter =
        query.bytes("start-after").filter(bytes -> bytes.length > 0).map(Key::copyOf);
    Optional<Key> end = query.bytes("end").filter(bytes -> bytes.length > 0).map(Key::copyOf);
    KeyRange range = query.bytes("prefix").map(KeyRange::prefix).orElse(KeyRange.all());
    if (startAfter.isPresent()) {
      range =
          range.intersect(
              reverse ? KeyRange.before(startAfter.get()) : KeyRange.after(startAfter.get()));
    }
    if (end.isPresent()) {
      range = range.intersect(reverse ? KeyRange.after(end.get()) : KeyRange.before(end.get()));
    }
    ScanOptions options =
        ScanOptions.DEFAULT.keysOnly().limitedTo(query.number("limit").orElse(Long.MAX_VALUE));
    return new ListingRequest(range, reverse ? options.backwards() : options);
  }
}
