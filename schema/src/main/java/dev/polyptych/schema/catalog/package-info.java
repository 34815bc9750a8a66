/**
 * The catalog of a model: its tasks, their layouts and prompt templates, and how a request is
 * resolved against it. Dispatcher and worker use the same check, so neither trusts the other.
 */
package dev.polyptych.schema.catalog;
