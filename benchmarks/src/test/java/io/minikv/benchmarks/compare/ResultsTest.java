package io.minikv.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.benchmarks.peer.PeerKind;
import org.junit.jupiter.api.Test;

class ResultsTest {

  private final Results results = new Results();

  @Test
  void the_median_is_the_middle_round_or_the_mean_of_the_two_in_the_middle() {
    add(PeerKind.LMDB, Work.HIT, 5, 100, 1);
    add(PeerKind.LMDB, Work.MISS, 4, 8, 1, 100);

    assertThat(results.median(PeerKind.LMDB, Work.HIT)).hasValue(5);
    assertThat(results.median(PeerKind.LMDB, Work.MISS)).hasValue(6);
  }

  @Test
  void what_was_not_measured_has_no_median_and_no_ratio() {
    add(PeerKind.MINIKV, Work.SCAN, 5);

    assertThat(results.median(PeerKind.CHRONICLE_MAP, Work.SCAN)).isEmpty();
    assertThat(results.ratio(Work.SCAN, PeerKind.MINIKV, PeerKind.CHRONICLE_MAP)).isEmpty();
  }

  @Test
  void a_ratio_is_one_of_medians() {
    add(PeerKind.MINIKV, Work.LOAD, 30, 90, 40);
    add(PeerKind.ROCKSDB, Work.LOAD, 10, 9, 11);

    assertThat(results.ratio(Work.LOAD, PeerKind.MINIKV, PeerKind.ROCKSDB)).hasValue(4);
  }

  @Test
  void a_bar_is_met_when_the_factor_is_reached() {
    Bar bar = new Bar.AtLeast(Work.LOAD, 3.5, PeerKind.ROCKSDB);
    assertThat(bar.isMet(results, 1)).isEmpty();
    assertThat(bar.text(results, 1)).isEqualTo("at least 3.50 x RocksDB: not measured");

    add(PeerKind.ROCKSDB, Work.LOAD, 10);
    add(PeerKind.MINIKV, Work.LOAD, 35);
    assertThat(bar.isMet(results, 1)).contains(true);
    assertThat(bar.text(results, 1)).isEqualTo("at least 3.50 x RocksDB: met");

    add(PeerKind.ROCKSDB, Work.LOAD, 12);
    assertThat(bar.isMet(results, 1)).contains(false);
    assertThat(bar.text(results, 1)).endsWith(": missed");
  }

  @Test
  void a_limit_depends_on_whether_there_are_many_keys() {
    Bar bar = new Bar.AtMost(Work.REOPEN, 0.1, 1);
    add(PeerKind.MINIKV, Work.REOPEN, 0.5);

    assertThat(bar.isMet(results, 1_000_000)).contains(false);
    assertThat(bar.isMet(results, 10_000_000)).contains(true);
  }

  private void add(PeerKind store, Work work, double... rounds) {
    for (double figure : rounds) {
      results.add(store, work, figure);
    }
  }
}
