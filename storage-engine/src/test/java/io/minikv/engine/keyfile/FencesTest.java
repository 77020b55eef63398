package io.minikv.engine.keyfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.LittleEndian;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FencesTest {

  private static final long SEED = Long.getLong("minikv.test.seed", 20261123L);

  @Test
  void no_key_that_is_looked_for_lies_outside_of_the_fences() throws IOException {
    Random random = new Random(SEED);
    for (int round = 0; round < 300; round++) {
      byte[] start = bytes(random, random.nextInt(12));
      List<byte[]> keys = new ArrayList<>();
      for (int count = random.nextInt(200); count > 0; count--) {
        keys.add(join(start, bytes(random, start.length == 0 ? 1 : 0, 12)));
      }
      keys.sort(Arrays::compareUnsigned);
      Fences fences = fences(keys);
      for (int probe = 0; probe < 100; probe++) {
        byte[] key = join(random.nextInt(9) == 0 ? new byte[0] : start, bytes(random, 1, 12));
        long below = keys.stream().filter(each -> Arrays.compareUnsigned(each, key) < 0).count();
        long notAbove =
            keys.stream().filter(each -> Arrays.compareUnsigned(each, key) <= 0).count();
        assertThat((long) fences.below(key)).as("seed %s", SEED).isBetween(0L, below);
        assertThat((long) fences.notAbove(key))
            .as("seed %s", SEED)
            .isBetween(notAbove, (long) keys.size());
      }
    }
  }

  @Test
  void between_two_fences_there_are_sixteen_entries_behind_a_long_common_start()
      throws IOException {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      keys.add("customers/europe/%04d".formatted(i).getBytes(StandardCharsets.UTF_8));
    }
    Fences fences = fences(keys);
    for (int i = 0; i < keys.size(); i++) {
      assertThat(fences.below(keys.get(i))).isBetween(i - 16, i);
      assertThat(fences.notAbove(keys.get(i))).isBetween(i + 1, i + 16);
    }
  }

  private static Fences fences(List<byte[]> keys) throws IOException {
    KeyArena arena = new KeyArena();
    int[] numbers = new int[keys.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = arena.add(entry(keys.get(i)));
    }
    return new Fences(arena.chunks(), numbers);
  }

  /** Its numbers do not matter here: each is one byte. */
  private static KeyEntry entry(byte[] key) {
    byte[] bytes = new byte[KeyEntry.keyAt(0) + key.length + 4];
    LittleEndian.putShort(bytes, 0, key.length);
    System.arraycopy(key, 0, bytes, KeyEntry.keyAt(0), key.length);
    KeyEntry entry = new KeyEntry();
    entry.decode(bytes, 0);
    return entry;
  }

  private static byte[] bytes(Random random, int least, int most) {
    return bytes(random, least + random.nextInt(most - least + 1));
  }

  /** Few different ones, the lowest and the highest among them, so that keys meet. */
  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) new int[] {0, 1, 0x7F, 0x80, 0xFF}[random.nextInt(5)];
    }
    return bytes;
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
