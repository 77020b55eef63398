package io.minikv.engine.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.Damage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DamageListTest {

  private final DamageList damages = new DamageList();

  @Test
  void damages_are_told_in_the_order_in_which_they_were_found() {
    assertThat(damages.isEmpty()).isTrue();
    assertThat(damages.all()).isEmpty();

    damages.add("b", 1, 2, "first");
    damages.add("a", 3, 4, Optional.of(Key.of("key")), "second");

    assertThat(damages.isEmpty()).isFalse();
    assertThat(damages.all())
        .containsExactly(
            new Damage("b", 1, 2, Optional.empty(), "first"),
            new Damage("a", 3, 4, Optional.of(Key.of("key")), "second"));
  }

  @Test
  void ten_thousand_are_told_and_the_others_counted() {
    add(10_000);
    assertThat(damages.all()).hasSize(10_000).extracting(Damage::description).containsOnly("one");

    add(3);

    List<Damage> all = damages.all();
    assertThat(all).hasSize(10_001);
    assertThat(all.getLast())
        .isEqualTo(new Damage("file", 0, 0, Optional.empty(), "and 3 more like these"));
  }

  private void add(int howMany) {
    for (int i = 0; i < howMany; i++) {
      damages.add("file", i, 1, "one");
    }
  }
}
