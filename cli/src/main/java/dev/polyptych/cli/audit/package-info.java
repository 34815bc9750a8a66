/**
 * Checks in Kafka and Redis that every job came to exactly one end. {@link
 * dev.polyptych.cli.audit.Judgement} is pure; the other classes read.
 */
package dev.polyptych.cli.audit;
