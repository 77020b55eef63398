package io.minikv.engine.keyfile;

import io.minikv.engine.format.KeyBlock;
import io.minikv.engine.format.KeyEntry;
import io.minikv.engine.format.KeyFileHeader;
import java.io.IOException;

/** A cursor over a key file of any kind. Holds one block of it. */
final class KeyFileCursor extends KeyCursor {

  private final KeyTree file;
  private final int places;
  private byte[] block = {};
  private long blockAt;
  private int entries;
  private int tableAt;
  private int index;

  KeyFileCursor(KeyTree file) {
    this.file = file;
    this.places = file.places();
  }

  private void load(long offset) throws IOException {
    entries = 0;
    block = file.block(offset);
    blockAt = offset;
    entries = KeyBlock.entries(block);
    tableAt = KeyBlock.tableAt(block);
  }

  private boolean showAt(int newIndex) throws IOException {
    index = newIndex;
    try {
      show(block, KeyBlock.entryAt(block, tableAt, newIndex));
    } catch (IndexOutOfBoundsException e) {
      throw file.misshapen(blockAt, e);
    }
    if (!entry().isPossible(places)) {
      throw file.damaged("has an entry of an impossible record at or above byte " + blockAt);
    }
    return true;
  }

  @Override
  public boolean last() throws IOException {
    if (file.entries() == 0) {
      return false;
    }
    load(file.lastLeaf());
    return showAt(entries - 1);
  }

  @Override
  public boolean seek(byte[] key) throws IOException {
    if (file.entries() == 0) {
      return false;
    }
    load(file.leafFor(key, false));
    int found = below(key, false);
    if (found < entries) {
      return showAt(found);
    }
    index = entries - 1;
    return next();
  }

  @Override
  public boolean seekLast(byte[] key) throws IOException {
    if (file.entries() == 0) {
      return false;
    }
    load(file.leafFor(key, true));
    int found = below(key, true);
    if (found > 0) {
      return showAt(found - 1);
    }
    index = 0;
    return previous();
  }

  /** How many entries of the block have a key below, or where {@code orSame}, not above. */
  private int below(byte[] key, boolean orSame) throws IOException {
    int low = 0;
    int high = entries;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = compareTo(key, middle);
      if (order < 0 || (orSame && order == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int compareTo(byte[] key, int entry) throws IOException {
    try {
      return KeyEntry.compareKey(block, KeyBlock.entryAt(block, tableAt, entry), key);
    } catch (IndexOutOfBoundsException e) {
      throw file.misshapen(blockAt, e);
    }
  }

  @Override
  public boolean next() throws IOException {
    if (index + 1 < entries) {
      return showAt(index + 1);
    }
    long behind = blockAt + KeyBlock.length(block);
    if (behind >= file.leavesEnd()) {
      return false;
    }
    load(behind);
    return showAt(0);
  }

  @Override
  public boolean previous() throws IOException {
    if (index > 0) {
      return showAt(index - 1);
    }
    if (blockAt <= KeyFileHeader.LENGTH) {
      return false;
    }
    load(blockAt - file.requireLength(KeyBlock.previousLength(block), blockAt));
    return showAt(entries - 1);
  }
}
