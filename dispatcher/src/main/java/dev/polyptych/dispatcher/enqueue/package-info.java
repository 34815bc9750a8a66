/**
 * From an admitted job to a record that the broker has acknowledged. The job record in the store is
 * the truth: it is written first, and a record on Kafka whose job was abandoned is never rendered,
 * since a worker's claim finds the job settled.
 */
package dev.polyptych.dispatcher.enqueue;
