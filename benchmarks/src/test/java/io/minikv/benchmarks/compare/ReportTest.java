package io.minikv.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.benchmarks.peer.PeerKind;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

  private static final List<PeerKind> STORES =
      List.of(PeerKind.MINIKV, PeerKind.ROCKSDB, PeerKind.CHRONICLE_MAP);

  private final Plan plan = new Plan();
  private final Results results = new Results();
  private Report report;

  @BeforeEach
  void setUp() {
    plan.scale.keys = 1_000;
    plan.scale.keyBytes = 16;
    plan.scale.valueBytes = 100;
    plan.works = new Work[] {Work.LOAD, Work.SCAN, Work.REOPEN};
    results.add(PeerKind.MINIKV, Work.LOAD, 800_000);
    results.add(PeerKind.ROCKSDB, Work.LOAD, 200_000);
    results.add(PeerKind.CHRONICLE_MAP, Work.LOAD, 1_600_000);
    results.add(PeerKind.MINIKV, Work.SCAN, 5_000);
    results.add(PeerKind.ROCKSDB, Work.SCAN, 10_000);
    results.add(PeerKind.MINIKV, Work.REOPEN, 0.0421);
    report = new Report(plan, STORES, 1, List.of("-Xmx4g"), results);
  }

  @Test
  void the_figures_have_a_column_for_each_store_and_a_dash_for_what_it_cannot() {
    assertThat(report.figures().text())
        .isEqualTo(
            """
            | work                  | MiniKV  | RocksDB | Chronicle Map |
            | --------------------- | ------- | ------- | ------------- |
            | load, 1 thread        | 800 k/s | 200 k/s | 1,600 k/s     |
            | scan of 100, 1 thread | 5,000/s | 10 k/s  | -             |
            | open after a close    | 0.042 s | -       | -             |
            """);
  }

  @Test
  void the_ratios_stand_beside_the_bars_and_whether_they_are_met() {
    assertThat(report.ratios().text())
        .contains("| load, 1 thread                      | 4.00    | 0.50          |")
        .contains("at least 3.50 x RocksDB: met")
        .contains("at most 0.10: met")
        .contains("| scan of 100, 1 thread               | 0.50    | -             |")
        .contains("at least 1.00 x LMDB: not measured");
  }

  @Test
  void the_configurations_say_what_a_store_promises_less() {
    assertThat(report.configurations().text())
        .contains("no crash safety")
        .contains("Bloom filter of 10 bits");
  }

  @Test
  void json_has_every_round_its_median_and_the_bars() {
    results.add(PeerKind.MINIKV, Work.LOAD, 900_000);

    JsonNode json =
        JsonMapper.shared().readTree(new JsonReport(plan, STORES, List.of(), results).json());

    JsonNode load = json.at("/stores/0/figures/load");
    assertThat(load.at("/median").asDouble()).isEqualTo(850_000);
    assertThat(load.at("/rounds/1").asDouble()).isEqualTo(900_000);
    assertThat(json.at("/stores/2/figures/scan").isMissingNode()).isTrue();
    assertThat(json.at("/conditions/keys").asInt()).isEqualTo(1_000);
    assertThat(json.at("/bars/0/met").asBoolean()).isTrue();
  }

  @Test
  void the_chart_is_well_formed_and_has_a_panel_for_each_speed() throws Exception {
    String svg = report.chart().svg();

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    // A background, three bars of the load and two of the scan.
    assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(6);
    assertThat(svg).contains("load, 1 thread", "scan of 100").doesNotContain("open after a close");
  }

  @Test
  void the_longest_bar_of_a_panel_belongs_to_the_fastest() {
    assertThat(report.chart().svg()).contains("width=\"145.0\"").contains("width=\"72.5\"");
  }
}
