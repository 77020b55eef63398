package io.minikv.engine.io;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Stops a mounted ext4 at once, as a power cut does: Linux drops what is not on the disk yet, the
 * journal included, and refuses everything from then on. Needs root.
 */
public final class PowerSwitch {

  /** {@code EXT4_IOC_SHUTDOWN}, which is {@code _IOR('X', 125, __u32)}. */
  private static final long SHUTDOWN = 0x8004_587DL;

  /** {@code EXT4_GOING_FLAGS_NOLOGFLUSH}: not even the journal is written. */
  private static final int WITHOUT_LOG = 2;

  private static final int O_RDONLY = 0;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO_AT =
      STATE.byteOffset(StructLayout.PathElement.groupElement("errno"));

  /** Both calls that are variadic have two arguments before the others. */
  private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(2);

  private static final MethodHandle OPEN =
      function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle IOCTL =
      function("ioctl", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
  private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);

  private PowerSwitch() {}

  /** A function of the C library with an {@code int} as its result; open and ioctl are variadic. */
  @SuppressWarnings("restricted") // there is no other way to an ioctl
  private static MethodHandle function(String name, MemoryLayout... arguments) {
    MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
    FunctionDescriptor descriptor = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
    Linker.Option errno = Linker.Option.captureCallState("errno");
    return arguments.length == 1
        ? LINKER.downcallHandle(address, descriptor, errno)
        : LINKER.downcallHandle(address, descriptor, errno, VARIADIC);
  }

  /** Cuts the power of the file system that is mounted there. */
  public static void cut(Path place) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int directory =
          check(
              "open",
              state,
              (int) OPEN.invokeExact(state, arena.allocateFrom(place.toString()), O_RDONLY));
      try {
        MemorySegment flags = arena.allocateFrom(ValueLayout.JAVA_INT, WITHOUT_LOG);
        check("ioctl", state, (int) IOCTL.invokeExact(state, directory, SHUTDOWN, flags));
      } finally {
        check("close", state, (int) CLOSE.invokeExact(state, directory));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }

  private static int check(String call, MemorySegment state, int result) {
    if (result < 0) {
      throw new IllegalStateException(
          "cannot cut the power: "
              + call
              + " failed with error number "
              + state.get(ValueLayout.JAVA_INT, ERRNO_AT));
    }
    return result;
  }
}
