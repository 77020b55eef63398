package io.minikv.architecture;

import static io.minikv.architecture.RuleAssert.assertBrokenBy;
import static io.minikv.architecture.RuleAssert.assertHolds;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModuleRulesTest {

  private static final JavaClasses PROGRAM = Imported.PROGRAM;
  private static final ModuleRules RULES = new ModuleRules(Modules.under(Imported.ROOT));

  static List<Module> modules() {
    return RULES.modules().all();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void noModuleIsEmpty(Module module) {
    assertThat(PROGRAM.stream().filter(type -> module.contains(type.getPackageName())))
        .anyMatch(type -> !type.getSimpleName().equals("package-info"));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyPackageOfAFrontDoorHasTypes(Module module) {
    assertThat(
            PROGRAM.stream()
                .filter(ModuleRulesTest::isNoPackageInfo)
                .map(JavaClass::getPackageName))
        .containsAll(module.frontDoor());
  }

  private static boolean isNoPackageInfo(JavaClass type) {
    return !type.getSimpleName().equals("package-info");
  }

  @ParameterizedTest
  @MethodSource("modules")
  void modulesStayWithinTheirBorders(Module module) {
    assertHolds(RULES.staysWithinItsBorders(module), PROGRAM);
  }

  @ParameterizedTest
  @CsvSource({
    "adapterusesengine,   adapter-http,   adapter.http.Handler",
    "adapterusesadapter,  adapter-cli,    adapter.cli.Shell",
    "adapterusesapp,      adapter-http,   adapter.http.Handler",
    "domainuseslibrary,   domain,         domain.Port",
    "domainusesengine,    domain,         domain.Port",
    "testkitusesengine,   testkit,        testkit.Fake",
    "engineusesadapter,   storage-engine, engine.Store",
  })
  void aModuleThatLeavesItsBordersIsFound(String fixture, String module, String culprit) {
    ModuleRules rules = new ModuleRules(Modules.under(Imported.fixtureRoot(fixture)));
    assertBrokenBy(
        culprit,
        rules.staysWithinItsBorders(rules.modules().named(module)),
        Imported.fixture(fixture));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void modulesUseOnlyTheFrontDoorsOfOthers(Module module) {
    assertHolds(RULES.keepsItsInternalsToItself(module), PROGRAM);
  }

  @Test
  void theUseOfAnInternalPackageIsFound() {
    ModuleRules rules = new ModuleRules(Modules.under(Imported.fixtureRoot("appusesinternals")));
    assertBrokenBy(
        "app.Wiring",
        rules.keepsItsInternalsToItself(rules.modules().named("storage-engine")),
        Imported.fixture("appusesinternals"));
  }

  @Test
  void everyClassBelongsToAModule() {
    assertHolds(RULES.everyClassBelongsToAModule(), PROGRAM);
  }

  @Test
  void aClassOutsideOfAllModulesIsFound() {
    ModuleRules rules = new ModuleRules(Modules.under(Imported.fixtureRoot("strayclass")));
    assertBrokenBy(
        "common.Helper", rules.everyClassBelongsToAModule(), Imported.fixture("strayclass"));
  }

  @Test
  void onlyTheAppKnowsItsFramework() {
    assertHolds(RULES.onlyTheAppKnowsItsFramework(), PROGRAM);
  }

  @Test
  void aFrameworkAnnotationOutsideOfTheAppIsFound() {
    ModuleRules rules = new ModuleRules(Modules.under(Imported.fixtureRoot("frameworkinengine")));
    assertBrokenBy(
        "engine.Store", rules.onlyTheAppKnowsItsFramework(), Imported.fixture("frameworkinengine"));
  }
}
