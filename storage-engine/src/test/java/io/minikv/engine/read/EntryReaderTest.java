package io.minikv.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.engine.index.EntryTable;
import io.minikv.engine.index.LiveRecord;
import io.minikv.engine.segment.Location;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What is read into an array of keys whose hashes are the same. */
class EntryReaderTest {

  private static final Key KEY = Key.of("key");
  private static final Key OTHER = Key.of("other");

  private final Records records = new Records();
  private final EntryTable table = records.table();
  private final long hash = table.hash(KEY);

  /** Waits for no batch: there is none. */
  private final EntryReader reader =
      new EntryReader(table, null, InstantSource.system(), () -> false);

  EntryReaderTest() throws IOException {}

  @Test
  void a_record_of_another_key_is_none_of_this_one() throws IOException {
    records.put(KEY, "value");

    assertThat(read(KEY)).isEqualTo("value");
    assertThat(read(OTHER)).isEqualTo("absent");
  }

  @Test
  void each_key_has_its_own_record() throws IOException {
    records.put(KEY, "value");
    long offset = records.put(OTHER, "another value");
    long location = Location.of(records.segment().fileNumber(), offset);
    LiveRecord record = LiveRecord.of(location, records.segment().head(offset));
    table.put(OTHER, hash, record, null);

    assertThat(read(KEY)).isEqualTo("value");
    assertThat(read(OTHER)).isEqualTo("another value");
  }

  private String read(Key key) {
    byte[] target = new byte[100];
    int length = reader.read(key, hash, target);
    return length == KeyValueStore.ABSENT
        ? "absent"
        : new String(target, 0, length, StandardCharsets.UTF_8);
  }
}
