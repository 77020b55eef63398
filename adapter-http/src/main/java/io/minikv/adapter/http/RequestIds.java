package io.minikv.adapter.http;

import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Names requests: as the client did, or by a number of its own behind a random start. */
final class RequestIds {

  static final HttpString HEADER = HttpString.tryFromString("X-Request-Id");

  private static final int MAX_LENGTH = 128;

  private final String prefix;
  private final AtomicLong counter = new AtomicLong();

  RequestIds() {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    this.prefix = HexFormat.of().formatHex(random) + "-";
  }

  /**
   * The client's name, if it is short and made of letters, digits and {@code . _ ~ -}; a new one
   * otherwise.
   */
  String of(HeaderMap headers) {
    String given = headers.getFirst(HEADER);
    return isAcceptable(given) ? given : prefix + Long.toHexString(counter.incrementAndGet());
  }

  private static boolean isAcceptable(@Nullable String id) {
    return id != null
        && !id.isEmpty()
        && id.length() <= MAX_LENGTH
        && id.chars()
            .allMatch(c -> c < 0x7F && (Character.isLetterOrDigit(c) || "._~-".indexOf(c) >= 0));
  }
}
