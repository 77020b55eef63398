package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.testkit.Tried;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tests can fail: each of these mistakes, made in a copy of the engine, is found. A mutant that
 * is not found shows a check that is missing, or code that is not needed.
 */
class MutantTest {

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

  /** The first mutant that each kind of hunt should find. */
  static Stream<Mutant> oneOfEachHunt() {
    Set<String> hunts = new HashSet<>();
    return mutants().filter(mutant -> hunts.add(mutant.hunt()));
  }

  @Tag("brief")
  @ParameterizedTest(name = "{0}")
  @MethodSource("oneOfEachHunt")
  void a_mutant_is_found_by_each_hunt(Mutant mutant) throws Exception {
    hunt(mutant);
  }

  @Tag("thorough")
  @ParameterizedTest(name = "{0}")
  @MethodSource("mutants")
  void each_mutant_is_found(Mutant mutant) throws Exception {
    hunt(mutant);
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
