/**
 * Measures the cost of many event streams for one dispatcher. There is no worker: the bench writes
 * events to Redis as a worker does.
 */
package dev.polyptych.lab.bench.streams;
