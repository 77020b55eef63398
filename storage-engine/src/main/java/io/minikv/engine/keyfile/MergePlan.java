package io.minikv.engine.keyfile;

import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which key files are merged next: the smallest ones, up to the last one that is less than {@value
 * #GROWTH} times as large as all smaller ones together. What is left are files each of which is
 * several times as large as the next one, so that there are few of them, and an entry is merged a
 * few times only. When there are only such files, all of them: that costs most, and is therefore
 * what scans pay for last.
 */
final class MergePlan {

  private static final int GROWTH = 4;

  private MergePlan() {}

  /**
   * A key file that can be merged.
   *
   * @param run the file
   * @param segments its segments, nothing in place of those that are not live any more
   * @param entries how many entries it has of those that are, at the most
   */
  record Input(KeyTree run, List<@Nullable Segment> segments, long entries) {

    /** A source without a position of the records of the live segments. */
    RunSource source() throws IOException {
      return new RunSource(segments.toArray(new Segment[0]), run, true);
    }

    /** Those of its segments that are live. */
    List<Segment> live() {
      List<Segment> live = new ArrayList<>();
      for (Segment segment : segments) {
        if (segment != null) {
          live.add(segment);
        }
      }
      return live;
    }
  }

  /** Those that are to be merged into one; none when there is one file at the most. */
  static List<Input> of(List<Input> files) {
    List<Input> ascending =
        files.stream().sorted(Comparator.comparingLong(Input::entries)).toList();
    int chosen = 0;
    long smaller = 0;
    for (int i = 0; i < ascending.size(); i++) {
      long entries = ascending.get(i).entries();
      if (i > 0 && entries < GROWTH * smaller) {
        chosen = i + 1;
      }
      smaller += entries;
    }
    return chosen > 0 || ascending.size() < 2 ? ascending.subList(0, chosen) : ascending;
  }
}
