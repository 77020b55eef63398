package io.minikv.engine.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The masks that bind checksums to a place. */
class FileIdentityTest {

  @Test
  void the_mask_differs_by_store_file_and_offset() {
    Set<Integer> masks = new HashSet<>();
    int count = 0;
    for (long store = 0; store < 4; store++) {
      for (long file = 1; file <= 16; file++) {
        FileIdentity identity = new FileIdentity(new StoreId(store, -store), file);
        for (long offset = 64; offset < 64 + 64 * Frame.ALIGNMENT; offset += Frame.ALIGNMENT) {
          masks.add(identity.mask(offset));
          count++;
        }
      }
    }
    // 4,096 draws of 32 bits: two alike are a matter of chance, a handful is not.
    assertThat(masks).hasSizeGreaterThan(count - 4);
  }

  @Test
  void the_mask_is_the_one_that_the_specification_computes() {
    long salt = mix(mix(mix(0x0123456789ABCDEFL) ^ 0xFEDCBA9876543210L) ^ 12);

    for (long offset = 64; offset < 128; offset += 8) {
      assertThat(FormatExamples.FILE.mask(offset))
          .isEqualTo((int) mix(salt + offset * 0x9E3779B97F4A7C15L));
    }
  }

  private static long mix(long x) {
    long folded = fold(fold(x));
    return folded ^ (folded >>> 32);
  }

  private static long fold(long x) {
    return (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
  }
}
