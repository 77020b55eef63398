package io.minikv.engine.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyHasherTest {

  private static final int LONGEST = 2_000;

  @Test
  void a_key_has_the_hash_of_its_bytes_whatever_its_length() {
    KeyHasher hasher = new KeyHasher(7);
    byte[] bytes = new byte[LONGEST];
    new Random(1).nextBytes(bytes);
    for (int length = 1; length <= LONGEST; length++) {
      Key key = Key.copyOf(bytes, 0, length);
      assertThat(hasher.hash(key)).as("%d bytes", length).isEqualTo(hasher.hash(bytes, 0, length));
    }
  }
}
