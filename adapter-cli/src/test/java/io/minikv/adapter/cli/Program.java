package io.minikv.adapter.cli;

import io.minikv.domain.Key;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.Value;
import io.minikv.domain.maintenance.StoreMaintenance;
import io.minikv.testkit.InMemoryKeyValueStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The whole program over a store in memory that outlives its runs, with byte streams in place of a
 * process.
 */
final class Program {

  /** The data directory exists for the program unless a test names another. */
  static final Path EXISTING = Path.of("").toAbsolutePath();

  final InMemoryKeyValueStore store;
  final Map<String, String> variables = new HashMap<>(Map.of("DATA_DIR", EXISTING.toString()));
  final List<Path> opened = new ArrayList<>();
  final List<Map<String, String>> served = new ArrayList<>();
  private final Map<String, RuntimeException> failures = new HashMap<>();
  private final Map<String, Supplier<?>> answers = new HashMap<>();
  ToolsStub tools = new ToolsStub();
  int closed;
  boolean terminal;
  InputStream stdin = InputStream.nullInputStream();
  OutputStream stdout = new ByteArrayOutputStream();
  TerminalFactory terminals = TerminalFactory.SYSTEM;

  Program() {
    this(new InMemoryKeyValueStore());
  }

  Program(InMemoryKeyValueStore store) {
    this.store = store;
  }

  /** How a run ended. */
  record Result(int status, Value stdout, String err) {

    byte[] bytes() {
      return stdout.toByteArray();
    }

    String out() {
      return stdout.utf8();
    }
  }

  Program with(String key, String value) {
    store.put(Key.of(key), Value.of(value));
    return this;
  }

  Program typing(String input) {
    return typing(input.getBytes(StandardCharsets.UTF_8));
  }

  Program typing(byte[] input) {
    stdin = new ByteArrayInputStream(input);
    return this;
  }

  Program onTerminal() {
    terminal = true;
    return this;
  }

  /** From now on a method of the ports, by its name, fails; "open" is the opening. */
  Program failingTo(String method, RuntimeException failure) {
    failures.put(method, failure);
    return this;
  }

  /** From now on a method of the ports, by its name, answers this. */
  Program answering(String method, Supplier<?> answer) {
    answers.put(method, answer);
    return this;
  }

  Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    stdout = out;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = create(err).run(args);
    return new Result(status, Value.wrap(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
  }

  MiniKvCli create(OutputStream stderr) {
    CliEnvironment environment =
        new CliEnvironment(
            stdin, stdout, stderr, variables, terminal, terminal, terminal, EXISTING);
    return new MiniKvCli(environment, this::open, this::serve, tools, terminals);
  }

  private OpenStore open(Path directory, boolean mayCreate) {
    opened.add(directory);
    failIfToldTo("open");
    return new OpenStore(forward(KeyValueStore.class), forward(StoreMaintenance.class));
  }

  private int serve(Map<String, String> settings) {
    served.add(settings);
    failIfToldTo("serve");
    return 0;
  }

  private void failIfToldTo(String method) {
    RuntimeException failure = failures.get(method);
    if (failure != null) {
      throw failure;
    }
  }

  private <T> T forward(Class<T> port) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(), new Class<?>[] {port}, (_, method, args) -> call(method, args)));
  }

  private Object call(Method method, Object[] args) throws Throwable {
    failIfToldTo(method.getName());
    if (method.getName().equals("close")) {
      closed++;
      return null;
    }
    if (answers.containsKey(method.getName())) {
      return answers.get(method.getName()).get();
    }
    try {
      return method.invoke(store, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
