package dev.polyptych.cli.command;

import dev.polyptych.schema.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Prints a failure as one sentence. {@code POLYPTYCH_STACK_TRACES=1} adds the stack trace. */
public final class FailureMessages implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    if (failure instanceof ConfigException wrong) {
      command.getErr().println("settings are wrong:" + System.lineSeparator() + wrong.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    command.getErr().println("polyptych: " + sentence(failure));
    if (System.getenv("POLYPTYCH_STACK_TRACES") != null) {
      failure.printStackTrace(command.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The message of the outermost failure that has one of its own, and what lies behind it. */
  private static String sentence(Throwable failure) {
    boolean wraps =
        failure.getCause() != null
            && (failure.getMessage() == null
                || failure.getMessage().equals(failure.getCause().toString()));
    if (wraps) {
      return sentence(failure.getCause());
    }
    String told = text(failure);
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String behind = text(root);
    return told.contains(behind) || told.contains(": ") ? told : told + ": " + behind;
  }

  private static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
