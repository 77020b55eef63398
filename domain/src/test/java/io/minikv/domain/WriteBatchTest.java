package io.minikv.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteBatchTest {

  private static final Mutation PUT = Mutation.Put.of(Key.of("a"), Value.of("1"));
  private static final Mutation DELETE = Mutation.Delete.of(Key.of("b"));

  @Test
  void aBatchKeepsItsMutationsInOrder() {
    assertThat(WriteBatch.of(DELETE, PUT).mutations()).containsExactly(DELETE, PUT);
  }

  @Test
  void aBatchDoesNotChangeWithTheListThatItCameFrom() {
    List<Mutation> mutations = new ArrayList<>(List.of(PUT));
    WriteBatch batch = new WriteBatch(mutations);
    mutations.add(DELETE);
    assertThat(batch.mutations()).containsExactly(PUT);
    assertThatThrownBy(() -> batch.mutations().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anEmptyBatchIsRefused() {
    assertThatThrownBy(WriteBatch::of)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("empty");
  }

  @Test
  void aKeyThatStandsInItTwiceIsRefusedByName() {
    assertThatThrownBy(() -> WriteBatch.of(PUT, DELETE, Mutation.Delete.of(Key.of("a"))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("key a twice");
  }

  @Test
  void aMutationIsUnconditionalUnlessItSaysOtherwise() {
    Mutation.Put put = Mutation.Put.of(Key.of("a"), Value.of("1"));
    assertThat(put.condition()).isEqualTo(Condition.always());
    assertThat(put.attributes()).isEqualTo(Attributes.none());
    assertThat(put.expiry()).isEqualTo(Expiry.never());
    assertThat(put.onlyIf(Condition.absent()).with(Attributes.of("n", "t")).with(Expiry.never()))
        .isEqualTo(
            new Mutation.Put(
                Key.of("a"),
                Value.of("1"),
                Attributes.of("n", "t"),
                Expiry.never(),
                Condition.absent()));
    assertThat(DELETE.condition()).isEqualTo(Condition.always());
  }
}
