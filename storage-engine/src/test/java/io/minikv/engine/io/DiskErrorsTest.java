package io.minikv.engine.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures are those of a full disk. */
class DiskErrorsTest {

  private static final long PLENTY = 1 << 20;

  @ParameterizedTest
  @ValueSource(strings = {"No space left on device", "/data/a: Disk quota exceeded"})
  void the_text_of_the_system_tells_that_the_disk_or_a_quota_is_full(String text) {
    IOException failure = new IOException(text);

    assertThat(translate(failure, PLENTY))
        .isInstanceOf(DiskFullException.class)
        .hasMessage("the disk is full: " + text)
        .hasCause(failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Input/output error", "Permission denied"})
  void another_failure_is_kept_as_it_is_while_there_is_space(String text) {
    IOException failure = new IOException(text);

    assertThat(translate(failure, PLENTY)).isSameAs(failure);
  }

  @Test
  void a_text_in_another_language_tells_of_a_full_disk_when_less_than_4_KiB_are_left() {
    IOException failure = new IOException("Auf dem Gerät ist kein Speicherplatz mehr verfügbar");

    assertThat(translate(failure, 4095)).isInstanceOf(DiskFullException.class);
    assertThat(translate(failure, 4096)).isSameAs(failure);
  }

  @Test
  void a_failure_without_a_text_is_one_of_space_when_there_is_none() {
    IOException failure = new IOException();

    assertThat(translate(failure, 0)).isInstanceOf(DiskFullException.class);
    assertThat(translate(failure, PLENTY)).isSameAs(failure);
  }

  @Test
  void an_error_of_the_device_is_none_of_space_though_there_is_none() {
    IOException failure = new IOException("/data/a: Input/output error");

    assertThat(translate(failure, 0)).isSameAs(failure);
  }

  @Test
  void a_disk_that_does_not_tell_its_space_is_not_taken_for_full() {
    IOException failure = new IOException("Eingabe-/Ausgabefehler");

    assertThat(DiskErrors.translate(failure, new Store(-1))).isSameAs(failure);
  }

  @Test
  void a_full_disk_is_not_reported_twice() {
    DiskFullException full = new DiskFullException("the disk is full: No space left on device");

    assertThat(translate(full, 0)).isSameAs(full);
  }

  private static IOException translate(IOException failure, long freeBytes) {
    return DiskErrors.translate(failure, new Store(freeBytes));
  }

  /** A file system with so much space; with a negative number it fails to tell. */
  private static final class Store extends FileStore {

    private final long freeBytes;

    Store(long freeBytes) {
      this.freeBytes = freeBytes;
    }

    @Override
    public long getUsableSpace() throws IOException {
      if (freeBytes < 0) {
        throw new IOException("stale file handle");
      }
      return freeBytes;
    }

    @Override
    public long getTotalSpace() {
      return Long.MAX_VALUE;
    }

    @Override
    public long getUnallocatedSpace() {
      return Long.MAX_VALUE;
    }

    @Override
    public String name() {
      return "store";
    }

    @Override
    public String type() {
      return "fake";
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
      return false;
    }

    @Override
    public boolean supportsFileAttributeView(String name) {
      return false;
    }

    @Override
    public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object getAttribute(String attribute) {
      throw new UnsupportedOperationException();
    }
  }
}
