package io.minikv.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/**
 * Signals of the operating system that ask the process to end.
 *
 * <p>Without this the virtual machine runs its shutdown hooks and ends with 143, and a second
 * signal does nothing. The one way to be told of signals is {@code sun.misc.Signal} of the module
 * {@code jdk.unsupported}, which stays as long as there is no other; the compiler warns of its use,
 * so it is called by name.
 */
final class Signals {

  /** A service manager's, the keyboard's, and that of a terminal that was closed. */
  private static final List<String> ENDING = List.of("TERM", "INT", "HUP");

  private Signals() {}

  /**
   * Hands every signal that asks for the end to {@code action}, each on a new thread, by its name.
   * One that the process was started to ignore is still ignored.
   */
  static void onEnding(Consumer<String> action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      for (String name : ENDING) {
        InvocationHandler run =
            (proxy, method, arguments) -> {
              action.accept("SIG" + name);
              return null;
            };
        Object adapter =
            Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, run);
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), adapter);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "This Java cannot handle signals; use one that has the module jdk.unsupported and is not"
              + " started with -Xrs.",
          e);
    }
  }
}
