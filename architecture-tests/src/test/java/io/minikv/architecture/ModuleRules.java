package io.minikv.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;

/** The rules about the borders of the modules. */
record ModuleRules(Modules modules) {

  /** A module uses what the table allows, and nothing else. */
  ArchRule staysWithinItsBorders(Module module) {
    List<String> allowed = new ArrayList<>(List.of("java..", "org.jspecify.annotations.."));
    allowed.add(module.packages());
    module.uses().forEach(used -> allowed.add(modules.named(used).packages()));
    allowed.addAll(module.libraries());
    return classes()
        .that()
        .resideInAPackage(module.packages())
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(allowed.toArray(String[]::new)).or(arraysOfPrimitives()))
        .as("%s uses only %s".formatted(module.name(), allowed));
  }

  /** What lies behind a module's front door is its own. */
  ArchRule keepsItsInternalsToItself(Module module) {
    return noClasses()
        .that(not(resideInAPackage(module.packages())))
        .should()
        .dependOnClassesThat(
            describe(
                "are internal to " + module.name(),
                (JavaClass type) -> module.isInternal(type.getPackageName())))
        .as(
            "only %s uses what is behind its front door %s"
                .formatted(module.name(), module.frontDoor()));
  }

  /** There is no code that no rule of the table speaks of. */
  ArchRule everyClassBelongsToAModule() {
    String[] packages = modules.all().stream().map(Module::packages).toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(modules.root() + "..")
        .should()
        .resideInAnyPackage(packages)
        .as("every class belongs to one of the modules of the table");
  }

  /** Objects are wired in one place; everything else is plain Java. */
  ArchRule onlyTheAppKnowsItsFramework() {
    return noClasses()
        .that(not(resideInAPackage(modules.named("app").packages())))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dagger..", "jakarta.inject..", "javax.inject..")
        .as("only app knows Dagger and its annotations");
  }

  private static DescribedPredicate<JavaClass> arraysOfPrimitives() {
    return describe(
        "are primitives or arrays of them", type -> type.getBaseComponentType().isPrimitive());
  }
}
