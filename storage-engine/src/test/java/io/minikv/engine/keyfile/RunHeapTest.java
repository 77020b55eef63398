package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.keyfile.WrittenSegment.Told;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several runs, of key files and in memory, come out as one. */
class RunHeapTest {

  private static final int RUNS = 6;

  private final Random random = new Random(1);
  private final List<Told> told = new ArrayList<>();
  private final RunHeap heap = new RunHeap();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void entries_of_all_runs_come_in_the_order_of_their_keys(boolean forwards) throws IOException {
    for (int i = 0; i < RUNS; i++) {
      RunSource source = source(i, forwards);
      assertThat(source.begin()).isTrue();
      heap.add(source);
    }

    List<Told> merged = takeAll();

    assertThat(merged).containsExactlyInAnyOrderElementsOf(told);
    assertThat(merged)
        .extracting(Told::key)
        .isSortedAccordingTo(
            forwards ? Comparator.<Key>naturalOrder() : Comparator.<Key>reverseOrder());
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void runs_begin_at_a_key_or_behind_it(boolean forwards, boolean inclusive) throws IOException {
    List<RunSource> sources = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      sources.add(source(i, forwards));
    }
    Key from = told.get(told.size() / 2).key();
    for (RunSource source : sources) {
      if (source.begin(from.toByteArray(), inclusive)) {
        heap.add(source);
      }
    }

    assertThat(takeAll())
        .containsExactlyInAnyOrderElementsOf(
            told.stream()
                .filter(each -> {
                  int order = each.key().compareTo(from);
                  return (inclusive && order == 0) || (forwards ? order > 0 : order < 0);
                })
                .toList());
  }

  private RunSource source(int number, boolean forwards) throws IOException {
    WrittenSegment written = new WrittenSegment(new SimulatedDisk());
    written.writeAtRandom(random, 200, 300, 3);
    told.addAll(written.inOrder());
    KeyRun run =
        number % 2 == 0
            ? written.withKeyFile()
            : new SegmentKeys(written.segment()).runs(written.segment().end()).getFirst();
    return new RunSource(written.segment(), run, forwards);
  }

  private List<Told> takeAll() throws IOException {
    List<Told> merged = new ArrayList<>();
    while (!heap.isEmpty()) {
      merged.add(Told.of(heap.first().entry()));
      heap.moveFirst();
    }
    return merged;
  }
}
