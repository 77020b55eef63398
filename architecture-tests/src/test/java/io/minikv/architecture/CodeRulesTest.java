package io.minikv.architecture;

import static io.minikv.architecture.RuleAssert.assertBrokenBy;
import static io.minikv.architecture.RuleAssert.assertHolds;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeRulesTest {

  private static final JavaClasses PROGRAM = Imported.PROGRAM;
  private static final CodeRules RULES = new CodeRules(Imported.ROOT);

  private static CodeRules rulesOf(String fixture) {
    return new CodeRules(Imported.fixtureRoot(fixture));
  }

  @Test
  void nobodyPrints() {
    assertHolds(RULES.nobodyPrints(), PROGRAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PrintsToOut", "PrintsToErr", "PrintsStackTrace"})
  void printingIsFound(String culprit) {
    assertBrokenBy(
        culprit,
        rulesOf("printing").nobodyPrints(),
        Imported.fixture("printing").that(Imported.named(culprit)));
  }

  @Test
  void nobodyUsesTheLoggingOfTheJdk() {
    assertHolds(RULES.nobodyUsesTheLoggingOfTheJdk(), PROGRAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UsesJavaUtilLogging", "UsesSystemLogger"})
  void theLoggingOfTheJdkIsFound(String culprit) {
    assertBrokenBy(
        culprit,
        rulesOf("jdklogging").nobodyUsesTheLoggingOfTheJdk(),
        Imported.fixture("jdklogging").that(Imported.named(culprit)));
  }

  @Test
  void nobodyHasStaticState() {
    assertHolds(RULES.nobodyHasStaticState(), PROGRAM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HasStaticVariable", "HasStaticMap", "HasStaticCounter"})
  void staticStateIsFound(String culprit) {
    assertBrokenBy(
        culprit,
        rulesOf("staticstate").nobodyHasStaticState(),
        Imported.fixture("staticstate").that(Imported.named(culprit)));
  }
}
