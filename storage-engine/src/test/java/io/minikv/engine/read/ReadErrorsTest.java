package io.minikv.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.DamagedDataException;
import io.minikv.domain.Key;
import io.minikv.engine.format.FormatException;
import io.minikv.engine.segment.DamagedSegmentException;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who cannot read an entry is told which one, where it is, and what helps. */
class ReadErrorsTest {

  private static final Key KEY = Key.of("key");

  @Test
  void a_damaged_segment_says_itself_where() {
    DamagedDataException error =
        ReadErrors.of(
            new DamagedSegmentException("000000003.seg", 64, "has a hole"),
            Optional.of(KEY),
            "another file");

    assertThat(error)
        .hasMessageContainingAll("The entry of the key " + KEY, "000000003.seg", "has a hole")
        .hasMessageContaining("restore a backup")
        .hasMessageNotContaining("another file");
    assertThat(error.key()).contains(KEY);
  }

  @Test
  void of_what_the_disk_says_the_file_is_told() {
    DamagedDataException error =
        ReadErrors.of(new IOException("cannot be read"), Optional.of(KEY), "000000003.seg");

    assertThat(error).hasMessageContaining("(000000003.seg: cannot be read)");
    assertThat(error.file()).isEqualTo("000000003.seg");
  }

  @Test
  void a_scan_does_not_know_the_key() {
    DamagedDataException error = ReadErrors.ofScan(new IOException("cannot be read"));

    assertThat(error).hasMessageStartingWith("An entry cannot be read");
    assertThat(error.key()).isEmpty();
  }

  @Test
  void an_entry_that_is_not_understood_is_told_too() {
    FormatException cause =
        new FormatException(FormatException.Kind.DAMAGED, "has a frame of no known type");

    DamagedDataException error = ReadErrors.of(cause, KEY, "000000003.seg");

    assertThat(error).hasMessageContaining("000000003.seg has a frame of no known type.");
    assertThat(error.key()).contains(KEY);
    assertThat(error.file()).isEqualTo("000000003.seg");
  }
}
