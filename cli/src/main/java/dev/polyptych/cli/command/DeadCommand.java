package dev.polyptych.cli.command;

import picocli.CommandLine.Command;

/** {@code polyptych dead}. */
@Command(
    name = "dead",
    mixinStandardHelpOptions = true,
    description = "Looks after jobs that failed for good and records that were no jobs.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DeadListCommand.class,
      DeadShowCommand.class,
      DeadReplayCommand.class,
      DeadPurgeCommand.class,
    })
public final class DeadCommand {}
