package io.minikv.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every micro-benchmark runs through; its figures mean nothing here. */
class MicroTest {

  @Test
  void every_part_of_the_engine_has_one_that_runs() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(getClass().getPackageName())
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(20))
                    .param("keys", "3000")
                    .param("valueBytes", "100")
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    assertThat(results)
        .extracting(result -> result.getPrimaryResult().getLabel())
        .containsExactlyInAnyOrder(
            "one",
            "sixteen",
            "sixtyFour", // group commit
            "present",
            "absent", // filter
            "encode",
            "decode", // frame
            "hit",
            "miss", // index
            "seek",
            "next", // key file
            "load", // snapshot
            "compress",
            "decompress",
            "compress",
            "decompress"); // values, by two codecs
  }
}
