package io.minikv.engine;

import io.minikv.engine.format.FormatFuzz;
import java.util.Base64;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fuzzer has found, and random inputs. {@code .ci/fuzz} looks for more. */
class FuzzTest {

  private static final long SEED = 20_250_101;
  private static final int RANDOM_INPUTS = 200;
  private static final int LONGEST = 60;

  private static Arguments found(String problem, Consumer<byte[]> target, String input) {
    return Arguments.of(problem, target, input);
  }

  static Stream<Arguments> found() {
    return Stream.of(
        found(
            "attributes with an empty name were taken for a wrong request of the reader",
            FormatFuzz::fuzzerTestOneInput,
            "BQAAAAAAAAAAAA=="),
        found(
            "a record without a sequence number was taken for a wrong request of the reader",
            FormatFuzz::fuzzerTestOneInput,
            "7gks7v8BAgEAEQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"
                + "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQAAABHu7gHu7ivu7u4q"),
        found(
            "a MANIFEST that names a segment twice stopped the opening without a reason",
            ManifestFuzz::fuzzerTestOneInput,
            "AADyoAYA"),
        found(
            "a MANIFEST with a segment of negative length stopped the opening without a reason",
            ManifestFuzz::fuzzerTestOneInput,
            "AACiX6amXw=="),
        found(
            "a MANIFEST without file numbers left let writes fail as if the disk had",
            ManifestFuzz::fuzzerTestOneInput,
            "1QCxvgQBJgEm"),
        found(
            "a MANIFEST of a closed store with an open segment let that be taken for empty",
            ManifestFuzz::fuzzerTestOneInput,
            "EQA6CgEACgEKAA=="),
        found(
            "a key file with an entry behind its end stopped the opening",
            KeyFileFuzz::fuzzerTestOneInput,
            "SgDXAF0C"),
        found(
            "a key file with an empty key was taken for a wrong request of the reader",
            KeyFileFuzz::fuzzerTestOneInput,
            "AQACTv/1RAA="),
        found(
            "a key file with a root without entries stopped the opening",
            KeyFileFuzz::fuzzerTestOneInput,
            "BAD///////////////////////////////////////8/Cgr/AAAu//8k"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("found")
  void what_was_found_is_right_now(String problem, Consumer<byte[]> target, String input) {
    target.accept(Base64.getDecoder().decode(input));
  }

  static Stream<Arguments> targets() {
    return Stream.of(
        target("format", FormatFuzz::fuzzerTestOneInput),
        target("MANIFEST", ManifestFuzz::fuzzerTestOneInput),
        target("log", LogFuzz::fuzzerTestOneInput),
        target("key files", KeyFileFuzz::fuzzerTestOneInput),
        target("merged key files", MergedKeysFuzz::fuzzerTestOneInput),
        target("index snapshots", SnapshotFuzz::fuzzerTestOneInput),
        target("value files", ValueFileFuzz::fuzzerTestOneInput));
  }

  private static Arguments target(String what, Consumer<byte[]> target) {
    return Arguments.of(what, target);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void random_bytes_are_understood_or_refused(String what, Consumer<byte[]> target) {
    Random random = new Random(Long.getLong("minikv.test.seed", SEED));
    for (int i = 0; i < RANDOM_INPUTS; i++) {
      byte[] input = new byte[random.nextInt(LONGEST)];
      random.nextBytes(input);
      try {
        target.accept(input);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(what + ": " + Base64.getEncoder().encodeToString(input), e);
      }
    }
  }
}
