package io.minikv.adapter.cli;

import io.minikv.domain.Condition;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.LimitExceededException;
import io.minikv.domain.Mutation;
import io.minikv.domain.Value;
import io.minikv.domain.Version;
import io.minikv.domain.WriteResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores a value. */
@Command(
    name = "set",
    description = {
      "Store a value under a key.",
      "On the command line the value is taken literally; - or -x reads it from standard input, byte for byte.",
      "In the shell it is the rest of the line, as it stands; in quotation marks it can have any byte: \"a\\x00b\". Options come before the key there."
    })
final class SetCommand implements StoreCommand {

  private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1_000);

  @Mixin CommonOptions common = new CommonOptions();

  @Mixin EncodingOptions encoding = new EncodingOptions();

  @Mixin DurabilityOption durability = new DurabilityOption();

  @Option(names = "-x", description = "Take the value from standard input.")
  boolean fromStdin;

  @Option(
      names = "--ttl",
      paramLabel = "<seconds>",
      description = "The entry goes by itself after so long; fractions are allowed.")
  Optional<BigDecimal> timeToLiveSeconds = Optional.empty();

  @Option(names = "--if-absent", description = "Only when there is no such key.")
  boolean ifAbsent;

  @Option(
      names = "--if-version",
      paramLabel = "<version>",
      description = "Only when the key has exactly this version (see get --json).")
  Optional<Long> ifVersion = Optional.empty();

  @Parameters(
      index = "0",
      paramLabel = "<key>",
      description = "The key, written as list prints it.")
  String key = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      hideParamSyntax = true,
      paramLabel = "<value>",
      description = "The value; - reads it from standard input.")
  Optional<String> value = Optional.empty();

  @Override
  public boolean mayCreate() {
    return true;
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    Key target = encoding.key(key);
    Condition condition = condition();
    Expiry expiry = expiry();
    Mutation put = Mutation.Put.of(target, readValue(invocation)).with(expiry).onlyIf(condition);
    WriteResult result = invocation.data().write(put, durability.atLeast);
    JsonObject json =
        new JsonObject()
            .put("status", "OK")
            .putBytes("key", target.toByteArray(), encoding.keys())
            .put("version", result.version().orElseThrow().sequence())
            .put("created", result.created());
    invocation.answers(common).say("OK", json);
    return ExitStatus.DONE;
  }

  private Value readValue(Invocation invocation) {
    if (invocation.restOfLine().isPresent()) {
      return encoding.value(invocation.restOfLine().get());
    }
    if (fromStdin && value.isPresent()) {
      throw new UsageException(
          "-x takes the value from standard input, but there is a value as well; leave one out");
    }
    if (fromStdin || value.filter("-"::equals).isPresent()) {
      InputStream stdin =
          invocation
              .stdin()
              .orElseThrow(() ->
                  new UsageException(
                      "the shell reads its commands from standard input; give the value on the line"));
      return readAll(stdin, invocation.data().limits().maxValueBytes());
    }
    return encoding.value(value.orElseThrow(() -> new MissingArgumentException("set", "<value>")));
  }

  /** Stops reading one byte behind the limit, however much there is. */
  private static Value readAll(InputStream stdin, long maxBytes) {
    try {
      byte[] bytes = stdin.readNBytes(Math.toIntExact(maxBytes + 1));
      if (bytes.length > maxBytes) {
        throw new LimitExceededException(
            "number of bytes on standard input, read so far,", bytes.length, maxBytes);
      }
      return Value.wrap(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read standard input: " + e.getMessage(), e);
    }
  }

  private Condition condition() {
    if (ifAbsent && ifVersion.isPresent()) {
      throw new UsageException("--if-absent and --if-version exclude each other; leave one out");
    }
    if (ifAbsent) {
      return Condition.absent();
    }
    return ifVersion
        .map(number -> Condition.versionIs(new Version(number)))
        .orElse(Condition.always());
  }

  private Expiry expiry() {
    return timeToLiveSeconds
        .map(seconds -> Expiry.after(toDuration(seconds)))
        .orElse(Expiry.never());
  }

  /** Rounded up, so that an entry never goes early. */
  private static Duration toDuration(BigDecimal seconds) {
    try {
      return Duration.ofMillis(
          seconds.multiply(MILLIS_PER_SECOND).setScale(0, RoundingMode.CEILING).longValueExact());
    } catch (ArithmeticException e) {
      throw new UsageException(
          "the time to live is out of range; give 0.001 seconds to 100 years", e);
    }
  }
}
