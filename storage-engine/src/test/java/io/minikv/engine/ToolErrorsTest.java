package io.minikv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minikv.domain.InvalidRequestException;
import io.minikv.domain.StoreUnavailableException;
import io.minikv.domain.StoreUnavailableException.Reason;
import io.minikv.domain.maintenance.ProgressListener;
import io.minikv.domain.maintenance.StoreTools;
import io.minikv.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tools say of places where they can do nothing. */
class ToolErrorsTest {

  @TempDir private Path directory;

  private final StoreTools tools = new SegmentedStoreTools(new MutableClock());

  @Test
  void a_place_that_cannot_be_read_is_named() {
    Path nowhere = directory.resolve("nowhere");
    Path target = directory.resolve("target");

    assertUnreadable(nowhere, () -> tools.verify(nowhere, ProgressListener.NONE));
    assertUnreadable(nowhere, () -> tools.repair(nowhere, target, ProgressListener.NONE));
    assertUnreadable(nowhere, () -> tools.restore(nowhere, target, ProgressListener.NONE));
    assertUnreadable(
        nowhere.resolve("MANIFEST"),
        () -> tools.inspect(nowhere.resolve("MANIFEST"), new StringBuilder()));
    assertThat(directory).isEmptyDirectory();
  }

  private static void assertUnreadable(Path place, ThrowingCallable call) {
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(call)
        .returns(Reason.INACCESSIBLE, StoreUnavailableException::reason)
        .withMessageStartingWith(place + " cannot be read: ")
        .withMessageEndingWith("nowhere does not exist.")
        .withCauseInstanceOf(IOException.class);
  }

  @Test
  void only_a_file_that_is_there_is_described() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> tools.inspect(Path.of("/"), new StringBuilder()))
        .withMessage("/ is a directory. Name one of its files.");
    Path missing = directory.resolve("000000001.log");
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> tools.inspect(missing, new StringBuilder()))
        .withMessage("There is no file " + missing + ". Name a file of a store, such as MANIFEST.");
  }

  @Test
  void a_file_may_be_named_from_where_the_caller_is() throws IOException {
    Path file = Files.writeString(directory.resolve("notes"), "text");
    Path relative = Path.of("").toAbsolutePath().relativize(file.toAbsolutePath());
    StringBuilder text = new StringBuilder();

    tools.inspect(relative, text);

    assertThat(text.toString()).startsWith("notes: 4 bytes");
  }
}
