/**
 * How a process of ours is configured: YAML file, then environment, then flags, each over the last.
 */
package dev.polyptych.schema.config;
