/**
 * Proves from what Kafka and Redis hold that every job came to exactly one end. {@link
 * dev.polyptych.cli.audit.Judgement} is pure; the rest reads.
 */
package dev.polyptych.cli.audit;
