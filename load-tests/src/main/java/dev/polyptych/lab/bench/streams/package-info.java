/**
 * What many readers of events cost one dispatcher. Its jobs are played: no worker is needed, events
 * are written to Redis as a worker writes them.
 */
package dev.polyptych.lab.bench.streams;
