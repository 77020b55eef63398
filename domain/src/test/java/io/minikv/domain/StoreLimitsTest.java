package io.minikv.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StoreLimitsTest {

  private final StoreLimits limits = new StoreLimits(10, 2, 15);

  @Test
  void limitsOutOfRangeAreRefused() {
    assertThatCode(() -> new StoreLimits(0, 1, 1)).doesNotThrowAnyException();
    assertThatCode(() -> new StoreLimits(Value.MAX_LENGTH, 1, 1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> new StoreLimits(-1, 1, 1)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> new StoreLimits(Value.MAX_LENGTH + 1L, 1, 1))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> new StoreLimits(1, 0, 1)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> new StoreLimits(1, 1, 0)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aValueMayReachTheLimitAndNotPassIt() {
    assertThatCode(() -> limits.check(put("a", 10))).doesNotThrowAnyException();
    assertThatThrownBy(() -> limits.check(put("a", 11)))
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            refusal -> {
              assertThat(refusal.actual()).isEqualTo(11);
              assertThat(refusal.limit()).isEqualTo(10);
              assertThat(refusal).hasMessageContaining("value length is 11");
            });
  }

  @Test
  void aDeleteIsWithinEveryLimit() {
    assertThatCode(() -> new StoreLimits(0, 1, 1).check(Mutation.Delete.of(Key.of("a long key"))))
        .doesNotThrowAnyException();
  }

  @Test
  void theItemsOfABatchAreCounted() {
    assertThatCode(() -> limits.check(WriteBatch.of(put("a", 0), put("b", 0))))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> limits.check(WriteBatch.of(put("a", 0), put("b", 0), put("c", 0))))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("items");
  }

  @Test
  void theBytesOfABatchAreThoseOfItsKeysAndValues() {
    assertThatCode(() -> limits.check(WriteBatch.of(put("aaa", 10), delete("bb"))))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> limits.check(WriteBatch.of(put("aaa", 10), delete("bbb"))))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("16");
  }

  @Test
  void eachValueOfABatchIsChecked() {
    assertThatThrownBy(() -> limits.check(WriteBatch.of(put("a", 0), put("b", 11))))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("value length");
  }

  private static Mutation put(String key, int length) {
    return Mutation.Put.of(Key.of(key), Value.wrap(new byte[length]));
  }

  private static Mutation delete(String key) {
    return Mutation.Delete.of(Key.of(key));
  }
}
