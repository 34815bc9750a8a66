/**
 * Benchmarks that {@code polyptych bench} runs: each measures one thing on this machine and gives a
 * {@link dev.polyptych.lab.bench.BenchReport}. Numbers only; what to do about them is decided
 * elsewhere.
 */
package dev.polyptych.lab.bench;
