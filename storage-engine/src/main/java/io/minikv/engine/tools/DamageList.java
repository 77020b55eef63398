package io.minikv.engine.tools;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.Damage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The damages found so far: the first ones, and how many more there were. For one thread. */
final class DamageList {

  private static final int MOST = 10_000;

  private final List<Damage> damages = new ArrayList<>();
  private long more;

  void add(String file, long offset, long length, Optional<Key> key, String description) {
    if (damages.size() < MOST) {
      damages.add(new Damage(file, offset, length, key, description));
    } else {
      more++;
    }
  }

  void add(String file, long offset, long length, String description) {
    add(file, offset, length, Optional.empty(), description);
  }

  boolean isEmpty() {
    return damages.isEmpty();
  }

  List<Damage> all() {
    if (more == 0) {
      return List.copyOf(damages);
    }
    List<Damage> all = new ArrayList<>(damages);
    all.add(
        new Damage(
            all.getLast().file(), 0, 0, Optional.empty(), "and " + more + " more like these"));
    return List.copyOf(all);
  }
}
