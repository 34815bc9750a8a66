/**
 * JSON (and YAML) as it is read and written here: leniently between our own versions, strictly from
 * people.
 */
package dev.polyptych.schema.json;
