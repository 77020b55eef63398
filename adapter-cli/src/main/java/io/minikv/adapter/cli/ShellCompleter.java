package io.minikv.adapter.cli;

import io.minikv.domain.Cursor;
import io.minikv.domain.Key;
import io.minikv.domain.KeyRange;
import io.minikv.domain.KeyValueStore;
import io.minikv.domain.ScanOptions;
import io.minikv.domain.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completes commands, their options, and keys; of keys as many as a person can look through. */
final class ShellCompleter implements Completer {

  private static final Logger LOG = LoggerFactory.getLogger(ShellCompleter.class);
  private static final int MAX_KEYS = 100;

  private final Map<String, CommandLine> commands;
  private final KeyValueStore data;

  ShellCompleter(Map<String, CommandLine> commands, KeyValueStore data) {
    this.commands = commands;
    this.data = data;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    candidatesFor(line, value -> candidates.add(new Candidate(value)));
  }

  private void candidatesFor(ParsedLine line, Consumer<String> candidates) {
    String command = line.words().getFirst();
    if (line.wordIndex() == 0) {
      commands.keySet().forEach(candidates);
      candidates.accept("quit");
      candidates.accept("exit");
    } else if (command.equals("help")) {
      commands.keySet().forEach(candidates);
    } else if (commands.containsKey(command)) {
      completeArgument(commands.get(command).getCommandSpec(), line, candidates);
    }
  }

  private void completeArgument(CommandSpec command, ParsedLine line, Consumer<String> candidates) {
    if (line.word().startsWith("-")) {
      command.options().stream().map(OptionSpec::longestName).forEach(candidates);
    } else if (!command.positionalParameters().isEmpty()) {
      completeKey(line.word(), candidates);
    }
  }

  private void completeKey(String typed, Consumer<String> candidates) {
    byte[] prefix =
        new WordScanner(typed.getBytes(StandardCharsets.UTF_8), true).next().orElse(new byte[0]);
    try (Cursor cursor =
        data.scan(KeyRange.prefix(prefix), ScanOptions.DEFAULT.keysOnly().limitedTo(MAX_KEYS))) {
      while (cursor.next()) {
        typeable(cursor.key(), typed).ifPresent(candidates);
      }
    } catch (StoreException e) {
      // A person who presses the tab key is better served by silence than by a torn line.
      LOG.debug("No keys for completion", e);
    }
  }

  /**
   * The key as it can be typed, in the kind of quotation marks that the user has begun; not every
   * key can stand in all.
   */
  private static Optional<String> typeable(Key key, String typed) {
    String text = Notation.escape(key.toByteArray());
    if (typed.startsWith("\"")) {
      return Optional.of('"' + text.replace("\"", "\\\"") + '"');
    }
    if (typed.startsWith("'")) {
      boolean plain = text.equals(key.utf8()) && text.indexOf('\'') < 0;
      return plain ? Optional.of("'" + text + "'") : Optional.empty();
    }
    return Optional.of(text.replace(" ", "\\ ").replace("'", "\\'").replace("\"", "\\\""));
  }
}
