package io.minikv.adapter.cli;

import io.minikv.domain.Key;
import io.minikv.domain.Value;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * How keys and values stand in arguments and answers.
 *
 * <p>In text form a key (prefix, bound) is written as it is printed ({@link Notation}). A value
 * given as an argument is taken literally, since it may be JSON or a regular expression, and a
 * value that {@code get} writes to a program is raw; only a scan, which has one line for each
 * entry, prints values in the notation. What comes from standard input is always raw.
 */
final class EncodingOptions {

  @Option(
      names = "--hex",
      description =
          "Keys, prefixes, bounds and values are hexadecimal, in arguments and in answers. Standard input stays raw.")
  boolean hex;

  @Option(names = "--base64", description = "The same in base64.")
  boolean base64;

  @Option(
      names = "--keys",
      paramLabel = "<form>",
      description = "The form of keys alone: text, hex or base64.")
  Optional<Encoding> keys = Optional.empty();

  @Option(
      names = "--values",
      paramLabel = "<form>",
      description = "The form of values alone: text, hex or base64.")
  Optional<Encoding> values = Optional.empty();

  Encoding keys() {
    return keys.orElseGet(this::both);
  }

  Encoding values() {
    return values.orElseGet(this::both);
  }

  private Encoding both() {
    if (hex && base64) {
      throw new UsageException(
          "--hex and --base64 exclude each other; use --keys and --values to mix them");
    }
    if (hex) {
      return Encoding.HEX;
    }
    return base64 ? Encoding.BASE64 : Encoding.TEXT;
  }

  Key key(String argument) {
    return Key.copyOf(keyBytes(argument, "key"));
  }

  /** Bytes of a key or a part of one. */
  byte[] keyBytes(String argument, String what) {
    return keys().decode(argument, what);
  }

  /** The value that an argument stands for. */
  Value value(String argument) {
    return values() == Encoding.TEXT
        ? Value.of(argument)
        : Value.wrap(values().decode(argument, "value"));
  }

  /** The value that bytes on a line of the shell stand for. */
  Value value(byte[] typed) {
    return values() == Encoding.TEXT
        ? Value.wrap(typed)
        : Value.wrap(values().decode(new String(typed, StandardCharsets.UTF_8), "value"));
  }
}
