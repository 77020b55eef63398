package io.minikv.adapter.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program. Without a command it opens the shell. */
@Command(
    name = "minikv",
    description =
        "A durable key-value store: server, shell and commands. Without a command it opens the shell.",
    versionProvider = RootCommand.Version.class,
    synopsisSubcommandLabel = "[<command>]",
    subcommands = {
      ServeCommand.class,
      ShellCommand.class,
      GetCommand.class,
      SetCommand.class,
      DeleteCommand.class,
      ExistsCommand.class,
      ListCommand.class,
      ScanCommand.class,
      CountCommand.class,
      StatsCommand.class,
      CompactCommand.class,
      SnapshotCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      VerifyCommand.class,
      InspectCommand.class,
      RepairCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nKeys and values:%n",
    footer = {
      "  Keys (also prefixes and bounds) are written as list prints them: printable UTF-8 as it is, a backslash as \\\\, any other"
          + " byte as \\xhh.",
      "  Values are taken literally and printed raw. --hex and --base64 change both; standard input is always raw.",
      "  Before a key or value that begins with a dash put --."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:key not found",
      "2:wrong usage, or not to be had",
      "3:input or output failed, or the store cannot be used now",
      "4:damaged data",
      "5:a condition did not hold",
      "130:interrupted"
    })
final class RootCommand {

  @Mixin ShellOptions shell = new ShellOptions();

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--data-dir",
      paramLabel = "<dir>",
      scope = ScopeType.INHERIT,
      description = "Where the store is. Otherwise: the environment variable DATA_DIR, or data.")
  Optional<String> dataDirectory = Optional.empty();

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  boolean version;

  /** Reads the version from where the build puts it. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = RootCommand.class.getPackage().getImplementationVersion();
      return new String[] {"minikv " + (version == null ? "development" : version)};
    }
  }
}
