package io.minikv.adapter.cli;

import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which keys a command looks at. All that is given has to hold. */
final class RangeOptions {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<prefix>",
      description = "Only keys that begin with this.")
  Optional<String> prefix = Optional.empty();

  @Option(names = "--prefix", paramLabel = "<prefix>", description = "The same, as an option.")
  Optional<String> prefixOption = Optional.empty();

  @Option(
      names = "--from",
      paramLabel = "<key>",
      description = "Only keys from this one on, itself included.")
  Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "<key>",
      description = "Only keys before this one, itself excluded.")
  Optional<String> to = Optional.empty();

  KeyRange range(EncodingOptions encoding) {
    if (prefix.isPresent() && prefixOption.isPresent()) {
      throw new UsageException("the prefix is given twice; leave out the argument or --prefix");
    }
    KeyRange range =
        prefix
            .or(() -> prefixOption)
            .map(text -> withPrefix(text, encoding))
            .orElse(KeyRange.all());
    if (from.isPresent()) {
      range = range.intersect(KeyRange.from(bound(from.get(), "--from", encoding)));
    }
    if (to.isPresent()) {
      range = range.intersect(KeyRange.before(bound(to.get(), "--to", encoding)));
    }
    return range;
  }

  private static KeyRange withPrefix(String text, EncodingOptions encoding) {
    return KeyRange.prefix(encoding.keyBytes(text, "prefix"));
  }

  private static Key bound(String text, String option, EncodingOptions encoding) {
    return Key.copyOf(encoding.keyBytes(text, "key of " + option));
  }
}
