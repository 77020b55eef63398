package io.minikv.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublicTypesTest {

  private static final JavaClasses PROGRAM = Imported.PROGRAM;

  static List<Module> modules() {
    return Modules.under(Imported.ROOT).all();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void thePublicTypesOfAModuleAreThoseThatWereAgreedOn(Module module) {
    assertThat(PublicTypes.of(module, PROGRAM).complaint()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void noListIsEmpty(Module module) {
    assertThat(PublicTypes.of(module, PROGRAM).approved()).isNotEmpty();
  }

  @Test
  void aTypeThatNobodyAgreedOnIsFoundAndSoIsOneThatIsMissing() {
    Module app = Modules.under(Imported.fixtureRoot("publictype")).named("app");

    PublicTypes types = PublicTypes.of(app, Imported.fixture("publictype"));

    assertThat(types.actual())
        .containsExactly(app.packageName() + ".Surprise", app.packageName() + ".Surprise.Nested");
    assertThat(types.complaint().orElseThrow())
        .contains("public, but not in the list: [" + app.packageName() + ".Surprise, ")
        .contains("in the list, but not public: [io.minikv.app.Main]")
        .endsWith("architecture-tests/src/test/resources/approved-public-types/app.txt");
  }
}
