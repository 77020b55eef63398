package io.minikv.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.locks.Lock;

/** The rules that hold for every class of the program. */
record CodeRules(String root) {

  /** Output is the business of adapters, which are given their streams. */
  ArchRule nobodyPrints() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethodWhere(describe("prints a stack trace", CodeRules::printsStackTrace))
        .as("nobody prints to the streams of the process");
  }

  /** There is one way to log. */
  ArchRule nobodyUsesTheLoggingOfTheJdk() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(System.Logger.class)
        .as("nobody logs through the JDK");
  }

  /**
   * What is static is a constant. The disk port alone has to know, for the whole process, which
   * directories are locked.
   */
  ArchRule nobodyHasStaticState() {
    String exempt = root + ".engine.io";
    return CompositeArchRule.of(
            fields()
                .that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage(root + "..")
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage(exempt)
                .should()
                .beFinal())
        .and(
            noFields()
                .that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage(root + "..")
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage(exempt)
                .should(be(describe("of a type made to change", CodeRules::isMadeToChange))))
        .as("nobody but the disk port has static state");
  }

  private static boolean printsStackTrace(JavaMethodCall call) {
    return call.getTarget().getName().equals("printStackTrace")
        && call.getTargetOwner().isAssignableTo(Throwable.class);
  }

  private static boolean isMadeToChange(JavaField field) {
    JavaClass type = field.getRawType();
    boolean isConcreteCollection =
        !type.getModifiers().contains(JavaModifier.ABSTRACT)
            && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class));
    return isConcreteCollection
        || type.getPackageName().equals("java.util.concurrent.atomic")
        || type.isAssignableTo(Lock.class)
        || type.isAssignableTo(ThreadLocal.class)
        || type.isAssignableTo(StringBuilder.class)
        || type.isAssignableTo("java.util.concurrent.ConcurrentMap");
  }
}
