package io.minikv.adapter.cli;

import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Describes a file of a store. */
@Command(
    name = "inspect",
    description = {
      "Describe what is in one file of a store.",
      "A line for each thing in it, with its offset, damaged parts included. Values are not shown."
    })
final class InspectCommand implements ToolCommand {

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "<file>", description = "The file, such as data/MANIFEST.")
  String file = "";

  @Override
  public ExitStatus run(ToolInvocation invocation) {
    Answers answers = invocation.answers(common);
    invocation.tools().inspect(invocation.path(file), new Lines(answers));
    return ExitStatus.DONE;
  }

  /** Answers with each line that was written to it. */
  private static final class Lines implements Appendable {

    private final Answers answers;
    private final StringBuilder line = new StringBuilder();

    Lines(Answers answers) {
      this.answers = answers;
    }

    @Override
    public Appendable append(CharSequence text) {
      return append(text, 0, text.length());
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) {
      for (int i = start; i < end; i++) {
        append(text.charAt(i));
      }
      return this;
    }

    @Override
    public Appendable append(char c) {
      if (c != '\n') {
        line.append(c);
        return this;
      }
      String text = Notation.display(line.toString().getBytes(StandardCharsets.UTF_8));
      answers.say(text, new JsonObject().put("line", text));
      line.setLength(0);
      return this;
    }
  }
}
