package io.minikv.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing while the system is at work in the memory, as a force is that waits for the disk. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NioMappingCloseTest {

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(8);
  private final Mapping mapping = new NioMapping("file", memory, arena);
  private final AtomicBoolean interruptKept = new AtomicBoolean();
  private final Thread closing = Thread.ofPlatform().daemon().unstarted(this::close);
  private Pipe pipe;
  private Thread using;

  @BeforeEach
  void keepTheSystemAtWork() throws IOException {
    pipe = Pipe.open();
    using = Thread.ofPlatform().daemon().start(this::useMemory);
    await().until(this::isUsed);
  }

  @AfterEach
  void closePipe() throws IOException {
    pipe.sink().close();
    pipe.source().close();
  }

  @Test
  void closing_waits_until_the_system_has_done_its_work() throws Exception {
    closing.start();
    awaitPause();
    assertThat(arena.scope().isAlive()).isTrue();

    endUse();
    closing.join();
    assertThat(interruptKept).isFalse();
    assertThatThrownBy(() -> mapping.read(0, new byte[1], 0, 1))
        .isInstanceOf(MappingClosedException.class);
  }

  @Test
  void an_interrupt_kept_closing_from_pausing_so_that_it_gave_up_at_once() throws Exception {
    closing.start();
    awaitPause();
    closing.interrupt();
    await().until(() -> !closing.isInterrupted());
    awaitPause();
    assertThat(arena.scope().isAlive()).isTrue();

    endUse();
    closing.join();
    assertThat(interruptKept).isTrue();
    assertThat(arena.scope().isAlive()).isFalse();
  }

  @Test
  void a_mapping_that_is_used_for_too_long_stays_mapped_and_can_be_closed_later() throws Exception {
    Mapping impatient = new NioMapping("file", memory, arena, 3);
    impatient.write(7, new byte[] {5}, 0, 1);

    assertThatIllegalStateException()
        .isThrownBy(impatient::close)
        .withMessage("the mapping of file is still being forced; it stays mapped");
    byte[] last = new byte[1];
    impatient.read(7, last, 0, 1);
    assertThat(last).containsExactly(5);

    endUse();
    impatient.close();
    assertThat(arena.scope().isAlive()).isFalse();
  }

  private void close() {
    mapping.close();
    interruptKept.set(Thread.currentThread().isInterrupted());
  }

  private void awaitPause() {
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
  }

  /** Reads from a pipe into the memory, which cannot go before something was read. */
  private void useMemory() {
    try {
      pipe.source().read(memory.asByteBuffer());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isUsed() {
    StackTraceElement[] calls = using.getStackTrace();
    return calls.length > 0
        && calls[0].isNativeMethod()
        && calls[0].getMethodName().equals("read0");
  }

  private void endUse() throws Exception {
    pipe.sink().write(ByteBuffer.allocate(1));
    using.join();
  }
}
