package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KeyFileDamageTest {

  @Tag("lengthy")
  @Tag("brief")
  @Test
  void a_damaged_key_file_never_tells_anything_wrong() throws IOException {
    assertThat(new KeyFileDamage().findWrongResult(7)).isEmpty();
  }

  @Tag("thorough")
  @Test
  void no_flipped_bit_and_no_cut_makes_a_key_file_tell_anything_wrong() throws IOException {
    assertThat(new KeyFileDamage().findWrongResult(1)).isEmpty();
  }
}
