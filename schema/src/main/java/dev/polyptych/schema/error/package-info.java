/**
 * What can go wrong, as data: every failure that crosses a process border is an {@link
 * dev.polyptych.schema.error.ErrorCode}, whose kind decides HTTP status and retry.
 */
package dev.polyptych.schema.error;
