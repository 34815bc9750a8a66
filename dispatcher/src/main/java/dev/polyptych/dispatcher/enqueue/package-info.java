/**
 * Turns an admitted job into a record that the broker has acknowledged. The job record in the store
 * is the truth, and it is written first. A Kafka record whose job was abandoned is never rendered,
 * because a worker's claim finds the job settled.
 */
package dev.polyptych.dispatcher.enqueue;
