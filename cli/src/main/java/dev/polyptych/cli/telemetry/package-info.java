/** OpenTelemetry for the processes that this command runs. */
package dev.polyptych.cli.telemetry;
