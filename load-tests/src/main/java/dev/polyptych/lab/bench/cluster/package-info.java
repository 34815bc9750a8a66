/**
 * Routing and schedule on real processes, beside a shared queue and a hash of the adapter, and
 * beside what the simulator predicts for the same jobs; and what rebalances move. The workers are
 * the real ones with the real engine; {@link dev.polyptych.lab.bench.cluster.BenchWorker} only
 * tells when what was drawn.
 */
package dev.polyptych.lab.bench.cluster;
