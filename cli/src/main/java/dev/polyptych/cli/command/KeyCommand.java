package dev.polyptych.cli.command;

import picocli.CommandLine.Command;

/** {@code polyptych key}. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Looks after API keys.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = KeyCreateCommand.class)
public final class KeyCommand {}
