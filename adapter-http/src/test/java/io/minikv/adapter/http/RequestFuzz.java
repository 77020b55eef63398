package io.minikv.adapter.http;

import io.minikv.domain.Expiry;
import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.Key;
import io.minikv.domain.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Any bytes as what a request names or asks for: they are understood, or refused with a reason. */
public final class RequestFuzz {

  private static final Version VERSION = new Version(17);
  private static final int TOTAL = 1_000;

  private RequestFuzz() {}

  /** Called by the fuzzer; the first byte chooses. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(data, 1, data.length);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      read(data[0] & 7, bytes, text);
    } catch (ProblemException | InvalidRequestException e) {
      require(e.getMessage() != null && !e.getMessage().isBlank(), "it does not say why");
    }
  }

  private static void read(int what, byte[] bytes, String text) {
    switch (what) {
      case 0 -> range(text);
      case 1 -> EntityTags.parse("If-Match", List.of(text.split("\n", -1)));
      case 2 -> ListingRequest.parse(new RequestTarget("/", text));
      case 3 -> BlobPath.keyOf(new RequestTarget(BlobPath.PREFIX + text, ""));
      case 4 -> HttpDates.parse(text);
      case 5 -> timeToLive(text);
      case 6 -> key(bytes);
      default -> Query.parse(new RequestTarget("/", text), Set.of("flag")).flag("flag");
    }
  }

  private static void range(String text) {
    if (ByteRange.parse(text, null, VERSION, TOTAL) instanceof ByteRange.Part part) {
      require(
          0 <= part.first() && part.first() <= part.last() && part.last() < TOTAL,
          "not a part of the value: " + part);
    }
  }

  private static void timeToLive(String text) {
    Query.parse(new RequestTarget("/", "ttl=" + text), Set.of("ttl"))
        .number("ttl")
        .ifPresent(seconds -> Expiry.after(Duration.ofSeconds(seconds)));
  }

  /** Every byte can be escaped. */
  private static void key(byte[] bytes) {
    StringBuilder path = new StringBuilder(BlobPath.PREFIX);
    for (byte b : bytes) {
      path.append("%%%02x".formatted(b));
    }
    Key key = BlobPath.keyOf(new RequestTarget(path.toString(), ""));
    require(Arrays.equals(key.toByteArray(), bytes), "another key");
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new AssertionError(problem);
    }
  }
}
