/**
 * How a process is configured: the table of settings, and its reader. The sources are the YAML
 * file, the environment and the command line. Each overrides the one before.
 */
package dev.polyptych.schema.config;
