package io.minikv.app;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Files as a real tree has them: many small ones, some large, and names of all kinds. */
final class GeneratedTree {

  private static final List<String> FOLDERS =
      List.of("doc", "doc/a b", "src/main/java", "Bücher/日本語", "..", ".hidden", "a//b", "100%");
  private static final int MAX_BYTES = 1 << 20;

  private GeneratedTree() {}

  /** Keys and contents; the same for the same seed. */
  static Map<String, byte[]> of(long seed, int files) {
    Random random = new Random(seed);
    Map<String, byte[]> tree = new HashMap<>();
    while (tree.size() < files) {
      String folder = FOLDERS.get(random.nextInt(FOLDERS.size()));
      String name = folder + "/file " + tree.size() + (random.nextBoolean() ? ".txt" : "-ß+&?#");
      tree.put(name, content(random));
    }
    return tree;
  }

  private static byte[] content(Random random) {
    int length =
        switch (random.nextInt(20)) {
          case 0 -> 0;
          case 1 -> random.nextInt(MAX_BYTES + 1);
          case 2, 3, 4 -> random.nextInt(100_000);
          default -> random.nextInt(8_000);
        };
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The names, in an order of the seed's. */
  static List<String> shuffled(Map<String, byte[]> tree, long seed) {
    List<String> names = new ArrayList<>(tree.keySet());
    names.sort(null);
    Collections.shuffle(names, new Random(seed));
    return names;
  }
}
