package io.minikv.engine.read;

import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyRange.Bound;
import io.minikv.domain.ScanOptions.Direction;
import io.minikv.engine.format.Frame;
import io.minikv.engine.keyfile.DamagedKeyFileException;
import io.minikv.engine.keyfile.KeyFiles;
import io.minikv.engine.keyfile.KeyRun;
import io.minikv.engine.keyfile.RunHeap;
import io.minikv.engine.keyfile.RunSource;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a range that a view shows, in order: a merge of the sorted runs of its segments. Of
 * each key the newest version counts that the view shows; deleted and expired ones are left out.
 * Nothing is read but the keys.
 *
 * <p>When a key file turns out to be damaged, the merge goes on with the keys of the segment
 * itself. For one thread.
 */
final class KeyMerge {

  private final View view;
  private final KeyFiles keyFiles;
  private final KeyRange range;
  private final boolean forwards;
  private final long nowMillis;

  /** Where the range ends in the direction of the merge. */
  private final byte @Nullable [] end;

  private final boolean endInclusive;

  private final RunHeap sources = new RunHeap();
  private boolean opened;

  /** The source that is being moved, which is the damaged one when that fails. */
  private @Nullable RunSource moving;

  /**
   * The key that was last come to: moves fail before it is returned, so that a merge goes on there.
   */
  private @Nullable FoundKey last;

  KeyMerge(View view, KeyFiles keyFiles, KeyRange range, Direction direction, long nowMillis) {
    this.view = view;
    this.keyFiles = keyFiles;
    this.range = range;
    this.forwards = direction == Direction.FORWARDS;
    this.nowMillis = nowMillis;
    Optional<Bound> outermost = forwards ? range.upper() : range.lower();
    this.end = outermost.map(bound -> bound.key().toByteArray()).orElse(null);
    this.endInclusive = outermost.map(Bound::inclusive).orElse(true);
  }

  /**
   * Moves to the next key.
   *
   * @param found gets it, and its newest version
   * @return false at the end
   * @throws IOException when a segment that has no key file cannot be read; the next call tries it
   *     again
   */
  boolean next(FoundKey found) throws IOException {
    while (true) {
      try {
        if (!opened) {
          open();
        }
        return advance(found);
      } catch (DamagedKeyFileException e) {
        RunSource damaged = moving;
        if (damaged == null) {
          throw e;
        }
        keyFiles.reportDamage(damaged, e);
        opened = false;
      } catch (IOException e) {
        opened = false;
        throw e;
      }
    }
  }

  private void open() throws IOException {
    sources.clear();
    for (RunSource source :
        keyFiles.sources(view.parts(), view.sequence(), forwards, view::closeWithIt)) {
      KeyRun run = source.run();
      if (run.entries() > 0 && !range.isAbove(run.first()) && !range.isBelow(run.last())) {
        open(source);
      }
    }
    opened = true;
  }

  private void open(RunSource source) throws IOException {
    moving = source;
    boolean there;
    if (last != null) {
      there = source.begin(last.toByteArray(), true);
    } else {
      Optional<Bound> first = forwards ? range.lower() : range.upper();
      there =
          first.isPresent()
              ? source.begin(first.get().key().toByteArray(), first.get().inclusive())
              : source.begin();
    }
    if (there) {
      sources.add(source);
    }
  }

  private boolean advance(FoundKey found) throws IOException {
    while (!sources.isEmpty()) {
      RunSource first = sources.first();
      found.begin(first.entry(), first.prefix());
      last = found;
      if (isBehindEnd(found)) {
        sources.clear();
        return false;
      }
      do {
        offer(sources.first(), found);
        moving = sources.first();
        sources.moveFirst();
      } while (!sources.isEmpty() && found.isAt(sources.first()));
      if (found.isPut() && !Frame.isExpired(found.expiresAtMillis(), nowMillis)) {
        return true;
      }
    }
    return false;
  }

  private boolean isBehindEnd(FoundKey found) {
    byte[] bound = end;
    if (bound == null) {
      return false;
    }
    int order = forwards ? found.compareTo(bound) : -found.compareTo(bound);
    return order > 0 || (order == 0 && !endInclusive);
  }

  private void offer(RunSource source, FoundKey found) {
    if (source.entry().sequence() <= view.sequence()) {
      found.offer(source.entry(), source.segment());
    }
  }
}
