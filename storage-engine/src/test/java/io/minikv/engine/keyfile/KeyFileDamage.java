package io.minikv.engine.keyfile;

import static io.minikv.engine.keyfile.WrittenSegment.HASH;

import io.minikv.domain.Key;
import io.minikv.engine.format.FileNames;
import io.minikv.engine.format.Frame;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import io.minikv.engine.keyfile.WrittenSegment.Told;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Changes the bytes of a key file and looks what it tells then: what it told before, or that it is
 * damaged. Public, so that mutants can be hunted with it.
 */
public final class KeyFileDamage {

  private static final long SEED = 7;

  /** The key of one in so many entries is looked for in a damaged file. */
  private static final int EVERY = 16;

  private final DiskImage image;
  private final String name;
  private final List<Told> expected;
  private final long end;

  /** A key file of several blocks. */
  public KeyFileDamage() throws IOException {
    this(12);
  }

  /** A key file of several levels of blocks, as its keys are so long. */
  public static KeyFileDamage ofSeveralLevels() throws IOException {
    return new KeyFileDamage(2000);
  }

  private KeyFileDamage(int keyLength) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    WrittenSegment written = new WrittenSegment(disk);
    written.writeAtRandom(new Random(SEED), 500, 150, keyLength);
    written.withKeyFile();
    image = disk.processKill();
    name = FileNames.keys(written.segment().fileNumber());
    expected = written.inOrder();
    end = written.segment().end();
  }

  /**
   * Flips bits and cuts the file at every length; returns what is wrong, or nothing.
   *
   * @param stride of which bits the first is flipped
   */
  public String findWrongResult(int stride) throws IOException {
    String wrongAsWritten = findWrongAsWritten();
    if (!wrongAsWritten.isEmpty()) {
      return wrongAsWritten;
    }
    byte[] bytes = image.bytes(name);
    if (opensFor(WrittenSegment.reopen(SimulatedDisk.from(image), end - Frame.ALIGNMENT))) {
      return "it is taken for that of a segment with another end";
    }
    for (long bit = 0; bit < (long) bytes.length * Byte.SIZE; bit += stride) {
      byte[] flipped = bytes.clone();
      flipped[(int) (bit / Byte.SIZE)] ^= (byte) (1 << bit % Byte.SIZE);
      String wrong = wrong(flipped, EVERY);
      if (!wrong.isEmpty()) {
        return "bit " + bit + " flipped: " + wrong;
      }
    }
    for (int length = 0; length < bytes.length; length += stride) {
      String wrong = wrong(Arrays.copyOf(bytes, length), EVERY);
      if (!wrong.isEmpty()) {
        return "cut to " + length + " bytes: " + wrong;
      }
    }
    return "";
  }

  /** Reads the file as it was written; returns what is wrong, or nothing. */
  public String findWrongAsWritten() throws IOException {
    String wrong = wrong(image.bytes(name), 1);
    return wrong.isEmpty() ? "" : "as written: " + wrong;
  }

  private boolean opensFor(Segment segment) throws IOException {
    try (KeyFile file = KeyFile.open(SimulatedDisk.from(image), segment)) {
      return file != null;
    } catch (DamagedKeyFileException _) {
      return false;
    }
  }

  private String wrong(byte[] damaged, int every) throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(image.with(name, damaged));
    Segment segment = WrittenSegment.reopen(disk, end);
    KeyFile file;
    try {
      file = KeyFile.open(disk, segment);
    } catch (DamagedKeyFileException _) {
      return "";
    } catch (IndexOutOfBoundsException e) {
      return e.toString();
    }
    try {
      return file == null ? "it is not there" : wrong(file, every);
    } catch (IndexOutOfBoundsException e) {
      return e.toString();
    }
  }

  private String wrong(KeyFile file, int every) throws IOException {
    if (!isRightOrRefused(() -> WrittenSegment.forwards(file).equals(expected))) {
      return "other entries forwards";
    }
    if (!isRightOrRefused(() -> WrittenSegment.backwards(file).equals(expected.reversed()))) {
      return "other entries backwards";
    }
    for (int i = 0; i < expected.size(); i += every) {
      Key key = expected.get(i).key();
      byte[] bytes = key.toByteArray();
      long newest = expected.get(i).sequence();
      if (!isRightOrRefused(() -> file.mayContain(HASH.hash(bytes, 0, bytes.length)))) {
        return "the filter misses " + key;
      }
      if (!isRightOrRefused(() -> file.holdsOlder(bytes, newest + 1))) {
        return key + " is not found";
      }
      if (!isRightOrRefused(() -> foundFirst(file, bytes).equals(first(key)))) {
        return "another entry is the first one of " + key;
      }
    }
    return "";
  }

  private Told first(Key key) {
    return expected.stream().filter(told -> told.key().equals(key)).findFirst().orElseThrow();
  }

  private static Told foundFirst(KeyFile file, byte[] key) throws IOException {
    KeyCursor cursor = file.cursor();
    if (!cursor.seek(key)) {
      throw new AssertionError("a key is behind all others");
    }
    return Told.of(cursor.entry());
  }

  private static boolean isRightOrRefused(Look look) throws IOException {
    try {
      return look.isRight();
    } catch (DamagedKeyFileException _) {
      return true;
    }
  }

  /** A look into a file that may be damaged. */
  @FunctionalInterface
  private interface Look {

    boolean isRight() throws IOException;
  }
}
