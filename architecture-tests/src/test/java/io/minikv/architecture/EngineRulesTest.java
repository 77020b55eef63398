package io.minikv.architecture;

import static io.minikv.architecture.RuleAssert.assertBrokenBy;
import static io.minikv.architecture.RuleAssert.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.minikv.architecture.EngineRules.EnginePackage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class EngineRulesTest {

  private static final JavaClasses PROGRAM = Imported.PROGRAM;
  private static final EngineRules RULES = new EngineRules(Imported.ROOT);

  static final List<EnginePackage> LAYERS = EngineRules.LAYERS;

  @ParameterizedTest
  @FieldSource("LAYERS")
  void noLayerIsEmpty(EnginePackage layer) {
    assertThat(PROGRAM.stream())
        .anyMatch(type ->
            type.getPackageName().equals(RULES.engine(layer.name()))
                && !type.getSimpleName().equals("package-info"));
  }

  @Test
  void theLayersThemselvesOnlyPointDownwards() {
    Set<String> below = new HashSet<>();
    for (EnginePackage layer : LAYERS.reversed()) {
      assertThat(below).as(layer.name()).containsAll(layer.uses());
      below.add(layer.name());
    }
  }

  @ParameterizedTest
  @FieldSource("LAYERS")
  void callsGoDownwardsOnly(EnginePackage layer) {
    assertHolds(RULES.callsOnlyDownwards(layer), PROGRAM);
  }

  @ParameterizedTest
  @CsvSource({
    "engineupwards,       segment, engine.segment.Segment",
    "formatusesdisk,      format,  engine.format.Header",
  })
  void aCallThatDoesNotGoDownwardsIsFound(String fixture, String layer, String culprit) {
    EngineRules rules = new EngineRules(Imported.fixtureRoot(fixture));
    EnginePackage caller =
        LAYERS.stream().filter(each -> each.name().equals(layer)).findFirst().orElseThrow();
    assertBrokenBy(culprit, rules.callsOnlyDownwards(caller), Imported.fixture(fixture));
  }

  @Test
  void noPackagesNeedEachOther() {
    assertHolds(RULES.hasNoCycles(), PROGRAM);
  }

  @Test
  void aCycleIsFound() {
    EngineRules rules = new EngineRules(Imported.fixtureRoot("enginecycle"));
    assertBrokenBy("Cycle detected", rules.hasNoCycles(), Imported.fixture("enginecycle"));
  }

  @Test
  void everyPackageIsInALayer() {
    assertHolds(RULES.everyPackageIsInALayer(), PROGRAM);
  }

  @Test
  void aPackageOutsideOfTheLayersIsFound() {
    EngineRules rules = new EngineRules(Imported.fixtureRoot("enginestraypackage"));
    assertBrokenBy(
        "engine.misc.Helper",
        rules.everyPackageIsInALayer(),
        Imported.fixture("enginestraypackage"));
  }

  @Test
  void onlyTheDiskPortTouchesFiles() {
    assertHolds(RULES.onlyTheDiskPortTouchesFiles(), PROGRAM);
  }

  @ParameterizedTest
  @CsvSource({
    "enginelists,   engine.recovery.Lister",
    "engineopens,   engine.segment.Opener",
    "enginemaps,    engine.index.Mapper",
  })
  void aWayToFilesPastTheDiskPortIsFound(String fixture, String culprit) {
    EngineRules rules = new EngineRules(Imported.fixtureRoot(fixture));
    assertBrokenBy(culprit, rules.onlyTheDiskPortTouchesFiles(), Imported.fixture(fixture));
  }
}
