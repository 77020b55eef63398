package io.minikv.engine;

import static io.minikv.engine.Stores.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.Attributes;
import io.minikv.domain.Condition;
import io.minikv.domain.Durability;
import io.minikv.domain.Expiry;
import io.minikv.domain.Key;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.domain.Value;
import io.minikv.domain.ValueWriter;
import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.format.KeyFileFooter;
import io.minikv.engine.format.LittleEndian;
import io.minikv.engine.format.Reforged;
import io.minikv.engine.io.DirectoryLock;
import io.minikv.engine.io.DiskFault;
import io.minikv.engine.io.DiskImage;
import io.minikv.engine.io.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a verification tells of a store that is not open, place by place. */
class VerifyToolTest {

  private static final String FIRST = "000000001.log";
  private static final String SECOND = "000000003.log";
  private static final String THIRD = "000000004.log";
  private static final String VALUE = "000000002.val";
  private static final String SNAPSHOT = "INDEX-00000000000000000009";

  /** The segment that a killed store wrote to, and the one behind it that was made ready. */
  private static final String LOG_END = "000000005.log";

  private static final String READY = "000000006.log";

  private final SampleStore store = SampleStore.closed();
  private final DiskImage image = store.image();
  private final DiskImage killed = SampleStore.killed().image();

  // ---- what is whole

  @Test
  void all_files_bytes_and_records_of_a_sound_store_are_counted() throws IOException {
    VerificationReport report = verify(image);

    assertThat(report.damages()).isEmpty();
    assertThat(report.files()).isEqualTo(image.names().size() - 1); // All but LOCK.
    assertThat(report.records()).isEqualTo(11);
    assertThat(report.bytes()).isEqualTo(bytesOf(image) - bytesOf(VALUE) + 70_000);
    assertThat(report.took()).isPositive();
    assertThat(verify(killed).damages()).isEmpty();
  }

  @Test
  void progress_tells_of_each_segment_and_key_file() throws IOException {
    List<Long> done = new ArrayList<>();
    List<Long> totals = new ArrayList<>();

    SegmentedStoreTools.verify(
        SimulatedDisk.from(image),
        (doneBytes, totalBytes) -> {
          done.add(doneBytes);
          totals.add(totalBytes);
        });

    long segments = image.names().stream().filter(name -> name.endsWith(".log")).count();
    long keyFiles = image.names().stream().filter(name -> name.matches(".*(keys|merged)")).count();
    assertThat(done).hasSize((int) (segments + keyFiles)).isSorted();
    assertThat(done.getFirst()).isEqualTo(bytesOf("MANIFEST") + bytesOf("000000005.log"));
    assertThat(totals.getFirst())
        .isEqualTo(
            bytesOf("MANIFEST")
                + image.names().stream()
                    .filter(name -> name.endsWith(".log"))
                    .mapToLong(this::bytesOf)
                    .sum());
    assertThat(totals.getLast())
        .isEqualTo(done.getLast())
        .isEqualTo(verify(image).bytes() - bytesOf(SNAPSHOT));
  }

  @Test
  void what_lies_behind_the_end_of_a_complete_segment_is_not_looked_at() throws IOException {
    byte[] longer = Arrays.copyOf(image.bytes(SECOND), 5_000);
    longer[4_500] = 1;

    assertThat(verify(image.with(SECOND, longer)).damages()).isEmpty();
  }

  // ---- one damaged byte

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          000000001.log    |    20 |   0 | 3936 |        | has a header whose checksum does not fit
          000000001.log    |   572 | 560 | 3344 |        | has no intact record there: which keys it held is not known
          000000001.log    |   700 | 560 | 3344 | filler | has a value whose checksum does not fit
          000000001.log    |  3903 | 560 | 3344 | filler | has bytes behind a record that should be zero; the record is whole
          000000002.val    |    60 | 472 |   56 | large  | has its value in 000000002.val, at byte 57, has a value whose checksum does not fit
          000000002.val    | 65600 | 472 |   56 | large  | has its value in 000000002.val, at byte 65593, has a value whose checksum does not fit
          000000001.keys   |    20 |   0 |   64 |        | has a header whose checksum does not fit; it will be made anew
          000000001.keys   |   100 |  64 |  133 |        | has a block whose checksum does not fit; it will be made anew
          000000007.merged |   120 | 112 |   52 |        | has a list of segments whose checksum does not fit; it will be made anew
          INDEX-00000000000000000009 | 340 | 0 | 0 |     | has entries whose checksum does not fit, at byte 328; it is not used, which makes the opening take longer
          MANIFEST         |   100 |   0 |    0 |        | has a checksum that does not fit
          """)
  void a_damaged_byte_is_told_once_with_its_place(
      String name, int flippedAt, long offset, long length, String key, String description)
      throws IOException {
    String file = name.equals(VALUE) ? FIRST : name; // A value is a part of its record.
    VerificationReport report = verify(image.with(name, store.damaged(name, flippedAt)));

    assertThat(report.damages())
        .containsExactly(
            new Damage(file, offset, length, Optional.ofNullable(key).map(Key::of), description));
    assertThat(report.records()).isEqualTo(offset > 64 && name.matches(".*(log|val)") ? 10 : 11);
  }

  // ---- missing and foreign files

  @Test
  void a_missing_segment_is_told_with_the_bytes_it_had() throws IOException {
    VerificationReport report = verify(image.without(SECOND));

    assertThat(report.damages())
        .containsExactly(damage(SECOND, 0, 4_040, "is missing, which the MANIFEST lists"));
    assertThat(report.records()).isEqualTo(10);
  }

  @Test
  void a_segment_of_another_number_is_told() throws IOException {
    assertThat(verify(image.with(SECOND, image.bytes(THIRD))).damages())
        .containsExactly(
            damage(SECOND, 0, 4_040, "belongs to another store or has another name"),
            damage(
                SECOND, 64, 3_976, "has no intact record there: which keys it held is not known"));
  }

  @Test
  void a_key_file_of_another_segment_is_told() throws IOException {
    assertThat(verify(image.with("000000003.keys", image.bytes("000000004.keys"))).damages())
        .contains(
            damage(
                "000000003.keys",
                0,
                64,
                "belongs to another segment or another store; it will be made anew"));
  }

  @Test
  void a_key_file_of_another_end_of_its_segment_is_told() throws IOException {
    String name = "000000003.keys";
    byte[] bytes = image.bytes(name);
    int footerAt = bytes.length - KeyFileFooter.LENGTH;
    LittleEndian.putLong(bytes, footerAt, 4_000);

    assertThat(verify(image.with(name, Reforged.file(name, bytes))).damages())
        .containsExactly(
            damage(name, footerAt, KeyFileFooter.LENGTH, "belongs to another segment"));
  }

  @Test
  void a_snapshot_of_another_store_is_told() throws IOException {
    byte[] foreign = SampleStore.closed().image().bytes(SNAPSHOT);

    assertThat(verify(image.with(SNAPSHOT, foreign)).damages())
        .containsExactly(
            damage(
                SNAPSHOT,
                0,
                0,
                "belongs to another store; it is not used, which makes the opening take longer"));
  }

  @Test
  void without_a_manifest_all_segments_are_verified() throws IOException {
    VerificationReport report = verify(image.without("MANIFEST"));

    assertThat(report.damages()).containsExactly(damage("MANIFEST", 0, 0, "is missing"));
    assertThat(report.records()).isEqualTo(11);
    assertThat(report.files()).isEqualTo(image.names().size() - 2);
  }

  @Test
  void without_a_manifest_most_headers_tell_which_store_it_is() throws IOException {
    byte[] foreign = SampleStore.closed().image().bytes(SECOND);

    assertThat(verify(image.without("MANIFEST").with(SECOND, foreign)).damages())
        .extracting(Damage::file)
        .containsExactly("MANIFEST", SECOND, SECOND);
  }

  @Test
  void without_any_header_nothing_can_be_verified() throws IOException {
    DiskImage nameless = image.without("MANIFEST");
    for (String name : List.of(FIRST, SECOND, THIRD, "000000005.log")) {
      nameless = nameless.with(name, store.damaged(name, 20));
    }
    VerificationReport report = verify(nameless);

    assertThat(report.records()).isZero();
    assertThat(report.damages())
        .hasSize(9)
        .contains(
            damage(FIRST, 0, 3_936, "cannot be verified: no file tells which store it belongs to"));
  }

  // ---- missing ends

  @Test
  void a_complete_segment_that_lost_its_end_is_told() throws IOException {
    assertThat(verify(cut(image, SECOND, 3_000)).damages())
        .containsExactly(
            damage(
                SECOND, 3_000, 1_040, "ends after 3000 bytes, but had 4040 when it was complete"),
            new Damage(
                SECOND,
                64,
                3_944,
                Optional.of(Key.of("more-1")),
                "has a record that is cut short"));
  }

  @Test
  void bytes_at_the_end_of_the_log_may_be_of_a_write_that_was_cut_short() throws IOException {
    byte[] torn = killed.bytes(LOG_END);
    torn[80] ^= 1;

    assertThat(verify(killed.with(LOG_END, torn)).damages())
        .containsExactly(
            damage(
                LOG_END,
                64,
                4_032,
                "ends with bytes that are no intact record: a write that a crash cut short, or"
                    + " damage"));
  }

  @Test
  void a_segment_without_a_seal_lost_its_end_when_a_later_one_was_written_to() throws IOException {
    byte[] written = killed.bytes(READY);
    written[200] = 1;
    Damage lost = damage(LOG_END, 4_096, 0, "has lost its end: a later segment was written to");

    assertThat(verify(killed.with(READY, written)).damages()).hasSize(2).contains(lost);
    assertThat(verify(killed.without(READY)).damages())
        .containsExactly(damage(READY, 0, 0, "is missing, which the MANIFEST lists"), lost);
  }

  // ---- missing values

  @Test
  void of_missing_values_the_newest_of_a_key_is_told() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    SegmentedStore open =
        SegmentedStore.open(
            disk, Stores.SMALL_SEGMENTS.withLongestLoggedBytes(0), EngineThreads.NONE);
    put(open, "key", "short");
    stream(open, "key");
    stream(open, "key");
    stream(open, "other");
    put(open, "other", "short");
    DiskImage left = disk.processKill();
    for (String name : left.names().stream().filter(name -> name.endsWith(".val")).toList()) {
      left = left.without(name);
    }

    assertThat(verify(left).damages())
        .singleElement()
        .returns(Optional.of(Key.of("key")), Damage::key)
        .returns("has its value in 000000003.val, which is missing", Damage::description);
  }

  private static void stream(SegmentedStore store, String key) {
    try (ValueWriter writer =
        store.openWriter(Key.of(key), Attributes.none(), Expiry.never(), Condition.always())) {
      writer.write(Value.of("long").asByteBuffer());
      writer.commit(Durability.OS);
    }
  }

  // ---- places

  @Test
  void a_directory_is_free_again_whatever_fails_in_it() throws IOException {
    int failures = 0;
    for (int nth = 1; nth < 60; nth++) {
      SimulatedDisk disk = SimulatedDisk.from(image);
      disk.inject(DiskFault.once(DiskFault.Kind.IO_ERROR, nth));
      try {
        SegmentedStoreTools.verify(disk, ProgressListener.NONE);
      } catch (IOException e) {
        failures++;
      }
      disk.heal();
      try (DirectoryLock lock = disk.lock("LOCK", "test")) {
        assertThat(lock).as("after a failure of operation " + nth).isNotNull();
      }
    }
    assertThat(failures).isGreaterThan(20);
  }

  @Test
  void a_store_in_use_is_left_to_its_holder() throws IOException {
    SimulatedDisk disk = SimulatedDisk.from(image);
    try (DirectoryLock _ = disk.lock("LOCK", "process 7")) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> SegmentedStoreTools.verify(disk, ProgressListener.NONE))
          .returns(Reason.IN_USE, StoreUnavailableException::reason)
          .withMessage(
              "The store in /simulated is in use by process 7. Stop it first, or ask the running"
                  + " store itself.");
    }
  }

  @Test
  void an_unfinished_copy_and_no_store_are_refused() {
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> verify(image.with("INCOMPLETE", new byte[0])))
        .returns(Reason.FOREIGN, StoreUnavailableException::reason)
        .withMessage(
            "/simulated holds a copy of a store that was never finished, as the file INCOMPLETE"
                + " says. Use another one.");
    for (DiskImage other :
        new DiskImage[] {
          new SimulatedDisk().processKill(),
          new SimulatedDisk().processKill().with("notes", new byte[10])
        }) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> verify(other))
          .returns(Reason.FOREIGN, StoreUnavailableException::reason)
          .withMessage("/simulated holds no store: there is neither a MANIFEST nor a segment.");
    }
  }

  // ---- helpers

  private static VerificationReport verify(DiskImage image) throws IOException {
    return SegmentedStoreTools.verify(SimulatedDisk.from(image), ProgressListener.NONE);
  }

  private static Damage damage(String file, long offset, long length, String description) {
    return new Damage(file, offset, length, Optional.empty(), description);
  }

  private static DiskImage cut(DiskImage image, String name, int length) {
    return image.with(name, Arrays.copyOf(image.bytes(name), length));
  }

  private long bytesOf(String name) {
    return image.bytes(name).length;
  }

  private static long bytesOf(DiskImage image) {
    return image.names().stream().mapToLong(name -> image.bytes(name).length).sum();
  }
}
