/** The {@code polyptych} command: entry point and version. */
package dev.polyptych.cli;
