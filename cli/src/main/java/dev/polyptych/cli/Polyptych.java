package dev.polyptych.cli;

import dev.polyptych.cli.command.AuditCommand;
import dev.polyptych.cli.command.DeadCommand;
import dev.polyptych.cli.command.DemoCommand;
import dev.polyptych.cli.command.DispatcherCommand;
import dev.polyptych.cli.command.EngineCommand;
import dev.polyptych.cli.command.FailureMessages;
import dev.polyptych.cli.command.KeyCommand;
import dev.polyptych.cli.command.PlacementCommand;
import dev.polyptych.cli.command.RehearseCommand;
import dev.polyptych.cli.command.RenderCommand;
import dev.polyptych.cli.command.TuneCommand;
import dev.polyptych.cli.command.UpCommand;
import dev.polyptych.cli.command.WhyCommand;
import dev.polyptych.cli.command.WorkerCommand;
import dev.polyptych.cli.command.WorkersCommand;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code polyptych} command. Exit status: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "polyptych",
    description = "Renders In-Context LoRA panel sets at scale.",
    mixinStandardHelpOptions = true,
    version = "polyptych 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      RenderCommand.class,
      EngineCommand.class,
      TuneCommand.class,
      WhyCommand.class,
      WorkersCommand.class,
      PlacementCommand.class,
      DeadCommand.class,
      AuditCommand.class,
      KeyCommand.class,
      RehearseCommand.class,
      DispatcherCommand.class,
      WorkerCommand.class,
    })
public final class Polyptych {
  private Polyptych() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command with all commands below it, those of other modules on the class path included. */
  public static CommandLine commandLine() {
    CommandLine polyptych = new CommandLine(new Polyptych());
    for (Extension extension : ServiceLoader.load(Extension.class)) {
      extension.commands().forEach(polyptych::addSubcommand);
    }
    return polyptych
        .setExecutionExceptionHandler(new FailureMessages())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }
}
