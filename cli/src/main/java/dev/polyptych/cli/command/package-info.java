/** The subcommands. Each parses its options, calls the other packages and returns a status. */
package dev.polyptych.cli.command;
