package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.testkit.Tried;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tests can fail: each of these mistakes, made in a copy of the engine, is found. A mutant that
 * is not found shows a check that is missing, or code that is not needed.
 */
class MutantTest {

  /** Those that few of the states show, so that the hunt takes seconds. */
  private static final Set<String> RARE =
      Set.of(
          "claims in a watermark what is not durable",
          "takes the order of files for that of writes",
          "removes old segments before the MANIFEST without them is durable",
          "does not force the log before it publishes a compaction",
          "covers records that are not visible yet",
          "keeps entries of segments that are gone",
          "names a value file that is not durable",
          "does not force the directory after beginning a value file",
          "removes a value file as soon as its record is dead",
          "keeps value files that nothing names");

  @TempDir private Path classes;

  static Stream<Mutant> mutants() {
    return Stream.of(
            LogMutants.ALL,
            CompactionMutants.ALL,
            IndexMutants.ALL,
            SnapshotMutants.ALL,
            ValueFileMutants.ALL,
            CheckpointMutants.ALL,
            KeyFileMutants.ALL,
            ScanMutants.ALL)
        .flatMap(List::stream);
  }

  static Stream<Mutant> commonMutants() {
    return mutants().filter(mutant -> !RARE.contains(mutant.name()));
  }

  @Tag("brief")
  @ParameterizedTest(name = "{0}")
  @MethodSource("commonMutants")
  void a_mutant_is_found(Mutant mutant) throws Exception {
    hunt(mutant);
  }

  @Tag("thorough")
  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void each_mutant_is_found(Mutant mutant) throws Exception {
    hunt(mutant);
  }

  @Test
  void only_those_that_are_rare_are_left_to_the_thorough_run() {
    assertThat(mutants().map(Mutant::name)).doesNotHaveDuplicates().containsAll(RARE);
  }

  private void hunt(Mutant mutant) throws Exception {
    String found = mutant.hunt(classes);
    assertThat(found).as("what found the mutant that " + mutant.name()).isNotEmpty();
    IO.println("%-70s %s".formatted(mutant.name(), found.lines().findFirst().orElseThrow()));
    new Tried("Mutants").count("killed", 1).note("names", mutant.name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DAMAGE", "SCANS", "COMPACTION"})
  void the_engine_itself_is_not_found(String hunt) throws Exception {
    assertThat(new MutantHunt(hunt).call()).isEmpty();
  }
}
