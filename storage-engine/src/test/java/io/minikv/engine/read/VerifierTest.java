package io.minikv.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.maintenance.Damage;
import io.minikv.domain.maintenance.VerificationReport;
import io.minikv.engine.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A verification counts what is whole, and says of the rest where it is. */
class VerifierTest {

  private static final Key KEY = Key.of("key");
  private static final Key FILM = Key.of("film");
  private static final int FILM_LENGTH = 150_000;
  private static final String FILM_FILE = "000000013.val";

  private final Records records = new Records();
  private final List<String> progress = new ArrayList<>();

  VerifierTest() throws IOException {}

  @Test
  void what_is_whole_is_counted() throws IOException {
    records.put(KEY, "one");
    records.put(KEY, "two");
    Segment first = records.segment();
    records.beginSegment();
    records.put(KEY, "three");

    VerificationReport report = verify();

    long total = first.end() + records.segment().end();
    assertThat(report.isClean()).isTrue();
    assertThat(report.files()).isEqualTo(2);
    assertThat(report.records()).isEqualTo(3);
    assertThat(report.bytes()).isEqualTo(total);
    assertThat(progress).containsExactly(first.end() + " of " + total, total + " of " + total);
  }

  @Test
  void a_value_in_a_file_of_its_own_is_read_with_its_record() throws IOException {
    records.putInFile(FILM, new byte[FILM_LENGTH], 13);

    VerificationReport report = verify();

    long bytes = records.segment().end() + FILM_LENGTH;
    assertThat(report.isClean()).isTrue();
    assertThat(report.files()).isEqualTo(2);
    assertThat(report.records()).isEqualTo(1);
    assertThat(report.bytes()).isEqualTo(bytes);
    assertThat(progress).containsExactly(bytes + " of " + bytes);
  }

  @Test
  void the_file_of_a_value_is_damaged_at_its_last_block_too() throws IOException {
    records.putInFile(FILM, new byte[FILM_LENGTH], 13);
    records.damage(FILM_FILE, FILM_LENGTH);

    VerificationReport report = verify();

    assertThat(report.records()).isZero();
    assertThat(report.damages())
        .singleElement()
        .satisfies(damage -> {
          assertThat(damage.file()).isEqualTo(FILM_FILE);
          assertThat(damage.length()).isEqualTo(FILM_LENGTH);
          assertThat(damage.key()).contains(FILM);
          assertThat(damage.description()).isNotEmpty();
        });
  }

  @Test
  void the_file_of_a_value_that_was_replaced_or_deleted_may_be_gone() throws IOException {
    records.putInFile(FILM, new byte[FILM_LENGTH], 13);
    records.put(FILM, "shorter now");
    records.putInFile(KEY, new byte[FILM_LENGTH], 14);
    records.delete(KEY);
    records.disk().delete(FILM_FILE);
    records.disk().delete("000000014.val");

    VerificationReport report = verify();

    assertThat(report.isClean()).isTrue();
    assertThat(report.files()).isEqualTo(1);
    assertThat(report.records()).isEqualTo(4);
  }

  @Test
  void a_damaged_value_is_told_with_its_key_and_the_rest_is_read() throws IOException {
    long offset = records.put(KEY, "damaged");
    long behind = records.put(FILM, "whole");
    records.damage(records.segment().name(), behind - 1);
    records.damage(records.segment().name(), behind - 8);

    VerificationReport report = verify();

    assertThat(report.records()).isEqualTo(1);
    assertThat(report.damages())
        .singleElement()
        .satisfies(damage -> {
          assertThat(damage.file()).isEqualTo(records.segment().name());
          assertThat(damage.offset()).isGreaterThanOrEqualTo(offset);
          assertThat(damage.offset() + damage.length()).isEqualTo(behind);
          assertThat(damage.key()).contains(KEY);
        });
  }

  @Test
  void behind_a_damaged_head_nothing_is_read() throws IOException {
    records.put(KEY, "whole");
    long offset = records.put(FILM, "damaged");
    records.put(KEY, "not read");
    records.damage(records.segment().name(), offset + 8);

    VerificationReport report = verify();

    assertThat(report.records()).isEqualTo(1);
    long length = records.segment().end() - offset;
    assertThat(report.damages())
        .singleElement()
        .extracting(Damage::file, Damage::offset, Damage::length, Damage::key)
        .containsExactly(records.segment().name(), offset, length, Optional.empty());
  }

  private VerificationReport verify() throws IOException {
    return new Verifier(records.table(), (done, total) -> progress.add(done + " of " + total))
        .verify(records.table().segments().all());
  }
}
