/** One class a subcommand: options in, a use of the other packages, an exit status out. */
package dev.polyptych.cli.command;
