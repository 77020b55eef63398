package io.minikv.benchmarks.compare;

import io.minikv.benchmarks.peer.PeerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;

/** All figures of a comparison, for programs. */
record JsonReport(Plan plan, List<PeerKind> stores, List<String> flags, Results results) {

  void write(Path file) throws IOException {
    Files.writeString(file, json() + "\n");
  }

  String json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("conditions", conditions());
    document.put("stores", stores.stream().map(this::store).toList());
    document.put("bars", bars());
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document);
  }

  private Map<String, Object> conditions() {
    Map<String, Object> conditions = new LinkedHashMap<>();
    conditions.put("keys", plan.scale.keys);
    conditions.put("key_bytes", plan.scale.keyBytes);
    conditions.put("value_bytes", plan.scale.valueBytes);
    conditions.put("operations_a_thread", plan.operations());
    conditions.put("least_seconds_of_reads", plan.seconds);
    conditions.put("ycsb_distribution", plan.distribution);
    conditions.put("java", Runtime.version().toString());
    conditions.put("jvm_flags", flags);
    conditions.put("processors", Runtime.getRuntime().availableProcessors());
    conditions.put(
        "system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    return conditions;
  }

  private Map<String, Object> store(PeerKind store) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", store.title());
    described.put("opened_with", store.configuration());
    described.put("promises_less", store.caveat());
    Map<String, Object> figures = new LinkedHashMap<>();
    for (Work work : plan.works) {
      OptionalDouble median = results.median(store, work);
      if (median.isPresent()) {
        figures.put(
            work.id(),
            Map.of("median", median.getAsDouble(), "rounds", results.rounds(store, work)));
      }
    }
    described.put("figures", figures);
    return described;
  }

  private List<Map<String, Object>> bars() {
    List<Map<String, Object>> bars = new ArrayList<>();
    for (Bar bar : Bar.ALL) {
      bar.isMet(results, plan.scale.keys)
          .ifPresent(met ->
              bars.add(
                  Map.of(
                      "work",
                      bar.work().id(),
                      "bar",
                      bar.text(results, plan.scale.keys),
                      "met",
                      met)));
    }
    return bars;
  }
}
