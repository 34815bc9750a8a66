package dev.polyptych.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Replaces a command whose part is not installed. Its help and its error say so. The command's own
 * class is not inspected, because the types of its options may be missing.
 */
public final class MissingCommand implements Callable<Integer> {
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final Part part;

  private MissingCommand(Part part) {
    this.part = part;
  }

  /**
   * @param command annotation of the replaced class
   * @param part the missing part
   */
  public static CommandLine of(Command command, Part part) {
    MissingCommand missing = new MissingCommand(part);
    missing.spec.name(command.name());
    missing.spec.mixinStandardHelpOptions(true);
    missing.spec.usageMessage().description(command.description()).footer("", part.missing());
    return new CommandLine(missing.spec)
        .setUnmatchedArgumentsAllowed(true)
        .setUnmatchedOptionsArePositionalParams(true);
  }

  @Override
  public Integer call() {
    spec.commandLine().getErr().printf("polyptych %s: %s%n", spec.name(), part.missing());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
