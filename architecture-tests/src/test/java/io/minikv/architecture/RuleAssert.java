package io.minikv.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;

/** Asserts that a rule holds for the program, or that a fixture breaks it. */
final class RuleAssert {

  private RuleAssert() {}

  static void assertHolds(ArchRule rule, JavaClasses classes) {
    EvaluationResult result = rule.evaluate(classes);
    assertThat(result.getFailureReport().getDetails()).as(rule.getDescription()).isEmpty();
  }

  /**
   * Fails unless exactly the classes of {@code culprit}'s name are what the rule complains about.
   */
  static void assertBrokenBy(String culprit, ArchRule rule, JavaClasses fixture) {
    EvaluationResult result = rule.evaluate(fixture);
    assertThat(result.getFailureReport().getDetails())
        .as(rule.getDescription())
        .isNotEmpty()
        .allSatisfy(detail -> assertThat(detail).contains(culprit));
  }
}
