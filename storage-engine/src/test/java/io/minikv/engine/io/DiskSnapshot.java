package io.minikv.engine.io;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** What was durable and what was pending on a simulated disk at one moment. Never changes. */
public final class DiskSnapshot {

  private static final DataLoss[] DATA_LOSSES = DataLoss.values();
  private static final NameLoss[] NAME_LOSSES = NameLoss.values();

  private final List<FileState> files;
  private final Map<String, Integer> durableNames;
  private final List<PendingChange.Naming<Integer>> pendingNames;
  private final SimulatedDisk.Properties properties;
  private final long[] dataOrders;
  private final long[] nameOrders;

  private record FileState(FileContent durable, List<PendingChange> pending) {}

  private DiskSnapshot(
      List<FileState> files,
      Map<String, Integer> durableNames,
      List<PendingChange.Naming<Integer>> pendingNames,
      SimulatedDisk.Properties properties) {
    this.files = files;
    this.durableNames = durableNames;
    this.pendingNames = pendingNames;
    this.properties = properties;
    dataOrders =
        files.stream()
            .flatMapToLong(file -> file.pending().stream().mapToLong(PendingChange::order))
            .sorted()
            .distinct()
            .toArray();
    nameOrders = pendingNames.stream().mapToLong(PendingChange.Naming::order).toArray();
  }

  static DiskSnapshot of(
      Map<String, SimulatedInode> durableNames,
      List<PendingChange.Naming<SimulatedInode>> pendingNames,
      SimulatedDisk.Properties properties) {
    Map<SimulatedInode, Integer> numbers = new HashMap<>();
    List<FileState> files = new ArrayList<>();
    Map<String, Integer> names = new TreeMap<>();
    durableNames.forEach((name, inode) -> names.put(name, number(inode, numbers, files)));
    List<PendingChange.Naming<Integer>> namings = new ArrayList<>();
    for (PendingChange.Naming<SimulatedInode> naming : pendingNames) {
      Integer file = naming.file() == null ? null : number(naming.file(), numbers, files);
      namings.add(
          new PendingChange.Naming<>(naming.order(), naming.removed(), naming.added(), file));
    }
    return new DiskSnapshot(files, names, namings, properties);
  }

  private static int number(
      SimulatedInode inode, Map<SimulatedInode, Integer> numbers, List<FileState> files) {
    return numbers.computeIfAbsent(
        inode,
        unseen -> {
          files.add(new FileState(unseen.durable(), unseen.pending()));
          return files.size() - 1;
        });
  }

  /** Whether a power cut can leave one state only. */
  public boolean isAllDurable() {
    return dataOrders.length == 0 && nameOrders.length == 0;
  }

  /**
   * What a power cut may leave: that nothing pending survives, that all does, and random states of
   * all kinds. The same random numbers give the same states.
   *
   * @param howMany how many are generated; there are fewer in the answer, which has none twice
   */
  public List<CrashState> crashStates(Random random, int howMany) {
    List<CrashState> states = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    int rounds = isAllDurable() ? Math.min(1, howMany) : howMany;
    for (int i = 0; i < rounds; i++) {
      CrashState state = state(random, i);
      if (seen.add(state.image().contentHash())) {
        states.add(state);
      }
    }
    return states;
  }

  private CrashState state(Random random, int index) {
    DataLoss data =
        switch (index) {
          case 0, 3 -> DataLoss.ALL;
          case 1, 2 -> DataLoss.NONE;
          default -> DATA_LOSSES[random.nextInt(DATA_LOSSES.length)];
        };
    NameLoss names =
        switch (index) {
          case 0, 2 -> NameLoss.ALL;
          case 1, 3 -> NameLoss.NONE;
          default -> NAME_LOSSES[random.nextInt(NAME_LOSSES.length)];
        };
    return state(
        dataOrders.length == 0 ? DataLoss.NONE : data,
        nameOrders.length == 0 ? NameLoss.NONE : names,
        random);
  }

  /** A state of one kind. */
  public CrashState state(DataLoss data, NameLoss names, Random random) {
    Map<String, Integer> left = namesAfter(names, random);
    DataLoss.Survival survival =
        dataOrders.length == 0 ? (file, change, bytes) -> {} : data.choose(random, dataOrders);
    FileContent[] contents = new FileContent[files.size()];
    Map<String, FileContent> image = new HashMap<>();
    left.forEach((name, file) -> {
      if (contents[file] == null) {
        contents[file] = contentAfter(file, survival);
      }
      image.put(name, contents[file]);
    });
    return new CrashState(data, names, new DiskImage(image, properties));
  }

  private Map<String, Integer> namesAfter(NameLoss loss, Random random) {
    if (nameOrders.length == 0) {
      return durableNames;
    }
    LongPredicate survives = loss.survivors(random, nameOrders);
    Map<String, Integer> names = new TreeMap<>(durableNames);
    for (PendingChange.Naming<Integer> naming : pendingNames) {
      if (survives.test(naming.order())) {
        naming.applyTo(names);
      }
    }
    return names;
  }

  private FileContent contentAfter(int file, DataLoss.Survival survival) {
    FileState state = files.get(file);
    if (state.pending().isEmpty()) {
      return state.durable();
    }
    PagedBytes bytes = new PagedBytes(state.durable());
    for (PendingChange change : state.pending()) {
      survival.apply(file, change, bytes);
    }
    return bytes.freeze();
  }
}
