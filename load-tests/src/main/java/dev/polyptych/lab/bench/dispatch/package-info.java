/**
 * Measures the cost of the dispatcher: how many jobs it accepts compared with a bare producer, and
 * the overhead of a job. Uses HTTP and Kafka on a cluster that the caller has started.
 */
package dev.polyptych.lab.bench.dispatch;
