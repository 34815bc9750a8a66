/**
 * Measures routing and schedule on real processes. A shared queue, a hash of the adapter, and the
 * simulator's prediction for the same jobs serve as comparisons. A second bench measures what
 * rebalances move. The workers and their engine are the real ones; {@link
 * dev.polyptych.lab.bench.cluster.BenchWorker} only reports what was drawn and when.
 */
package dev.polyptych.lab.bench.cluster;
