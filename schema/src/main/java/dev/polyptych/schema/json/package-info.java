/**
 * Reads and writes JSON and YAML. Reading is lenient between our own versions and strict for input
 * from people.
 */
package dev.polyptych.schema.json;
