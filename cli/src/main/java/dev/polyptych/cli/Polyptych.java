package dev.polyptych.cli;

import dev.polyptych.cli.command.AdapterCommand;
import dev.polyptych.cli.command.AuditCommand;
import dev.polyptych.cli.command.BaseCommand;
import dev.polyptych.cli.command.BatchCommand;
import dev.polyptych.cli.command.CancelCommand;
import dev.polyptych.cli.command.DeadCommand;
import dev.polyptych.cli.command.DemoCommand;
import dev.polyptych.cli.command.DispatcherCommand;
import dev.polyptych.cli.command.EngineCommand;
import dev.polyptych.cli.command.FailureMessages;
import dev.polyptych.cli.command.JobsCommand;
import dev.polyptych.cli.command.KeyCommand;
import dev.polyptych.cli.command.MissingCommand;
import dev.polyptych.cli.command.ModelCommand;
import dev.polyptych.cli.command.Part;
import dev.polyptych.cli.command.PlacementCommand;
import dev.polyptych.cli.command.RehearseCommand;
import dev.polyptych.cli.command.RenderCommand;
import dev.polyptych.cli.command.SettingsCommand;
import dev.polyptych.cli.command.TaskCommand;
import dev.polyptych.cli.command.TasksCommand;
import dev.polyptych.cli.command.TuneCommand;
import dev.polyptych.cli.command.UpCommand;
import dev.polyptych.cli.command.WhyCommand;
import dev.polyptych.cli.command.WorkerCommand;
import dev.polyptych.cli.command.WorkersCommand;
import java.util.EnumSet;
import java.util.ServiceLoader;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code polyptych} command. Exit status: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "polyptych",
    description = "Renders In-Context LoRA panel sets at scale.",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Polyptych {
  private static final Set<Part> NOTHING_MORE = EnumSet.noneOf(Part.class);
  private static final Set<Part> WORKER = EnumSet.of(Part.WORKER);
  private static final Set<Part> CLUSTER = EnumSet.allOf(Part.class);

  private Polyptych() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command with all commands below it, including those of other modules on the class path. */
  public static CommandLine commandLine() {
    CommandLine polyptych = new CommandLine(new Polyptych());
    add(polyptych, CLUSTER, DemoCommand.class);
    add(polyptych, CLUSTER, UpCommand.class);
    add(polyptych, NOTHING_MORE, RenderCommand.class);
    add(polyptych, WORKER, EngineCommand.class);
    add(polyptych, WORKER, TuneCommand.class);
    add(polyptych, WORKER, ModelCommand.class);
    add(polyptych, NOTHING_MORE, TasksCommand.class);
    add(polyptych, NOTHING_MORE, BatchCommand.class);
    add(polyptych, NOTHING_MORE, JobsCommand.class);
    add(polyptych, NOTHING_MORE, WhyCommand.class);
    add(polyptych, NOTHING_MORE, CancelCommand.class);
    add(polyptych, NOTHING_MORE, WorkersCommand.class);
    add(polyptych, NOTHING_MORE, PlacementCommand.class);
    add(polyptych, NOTHING_MORE, TaskCommand.class);
    add(polyptych, NOTHING_MORE, AdapterCommand.class);
    add(polyptych, NOTHING_MORE, BaseCommand.class);
    add(polyptych, NOTHING_MORE, DeadCommand.class);
    add(polyptych, NOTHING_MORE, AuditCommand.class);
    add(polyptych, NOTHING_MORE, KeyCommand.class);
    add(polyptych, NOTHING_MORE, SettingsCommand.class);
    add(polyptych, NOTHING_MORE, RehearseCommand.class);
    add(polyptych, NOTHING_MORE, DispatcherCommand.class);
    add(polyptych, WORKER, WorkerCommand.class);
    polyptych.addSubcommand("completion", new AutoComplete.GenerateCompletion());
    for (Extension extension : ServiceLoader.load(Extension.class)) {
      extension.commands().forEach(polyptych::addSubcommand);
    }
    nameVersion(polyptych);
    return polyptych
        .setExecutionExceptionHandler(new FailureMessages())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  private static void nameVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new ProgramVersion());
    command.getSubcommands().values().forEach(Polyptych::nameVersion);
  }

  /**
   * @param needs parts of the installation that the command's class needs
   */
  private static void add(CommandLine polyptych, Set<Part> needs, Class<?> command) {
    needs.stream()
        .filter(part -> !part.installed())
        // A later part comes with the earlier ones.
        .reduce((one, next) -> next)
        .ifPresentOrElse(
            part ->
                polyptych.addSubcommand(
                    MissingCommand.of(command.getAnnotation(Command.class), part)),
            () -> polyptych.addSubcommand(command));
  }
}
