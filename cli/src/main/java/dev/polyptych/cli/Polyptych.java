package dev.polyptych.cli;

import dev.polyptych.cli.command.AuditCommand;
import dev.polyptych.cli.command.BenchCommand;
import dev.polyptych.cli.command.DeadCommand;
import dev.polyptych.cli.command.DemoCommand;
import dev.polyptych.cli.command.DispatcherCommand;
import dev.polyptych.cli.command.DrawSetsCommand;
import dev.polyptych.cli.command.DrillCommand;
import dev.polyptych.cli.command.EngineCommand;
import dev.polyptych.cli.command.EvaluateCommand;
import dev.polyptych.cli.command.FailureMessages;
import dev.polyptych.cli.command.KeyCommand;
import dev.polyptych.cli.command.PlacementCommand;
import dev.polyptych.cli.command.RehearseCommand;
import dev.polyptych.cli.command.RenderCommand;
import dev.polyptych.cli.command.TrainBaseCommand;
import dev.polyptych.cli.command.TrainScorerCommand;
import dev.polyptych.cli.command.TuneCommand;
import dev.polyptych.cli.command.UpCommand;
import dev.polyptych.cli.command.WhyCommand;
import dev.polyptych.cli.command.WorkerCommand;
import dev.polyptych.cli.command.WorkersCommand;
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
      DrawSetsCommand.class,
      TrainBaseCommand.class,
      EvaluateCommand.class,
      TrainScorerCommand.class,
      BenchCommand.class,
      WhyCommand.class,
      WorkersCommand.class,
      PlacementCommand.class,
      DeadCommand.class,
      AuditCommand.class,
      DrillCommand.class,
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

  static CommandLine commandLine() {
    return new CommandLine(new Polyptych())
        .setExecutionExceptionHandler(new FailureMessages())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }
}
