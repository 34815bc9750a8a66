/**
 * How a process is configured: the table of settings, and its reader. Sources are the YAML file,
 * the environment and the command line, each over the one before.
 */
package dev.polyptych.schema.config;
