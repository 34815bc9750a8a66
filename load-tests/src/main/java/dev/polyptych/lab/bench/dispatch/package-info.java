/**
 * What the dispatcher costs: how many jobs it accepts beside a bare producer, and what a job takes
 * besides being drawn. Speaks HTTP and Kafka to a cluster that somebody else has started.
 */
package dev.polyptych.lab.bench.dispatch;
