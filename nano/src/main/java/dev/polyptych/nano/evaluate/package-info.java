/**
 * Measures the effect of task adapters. It renders sets of held-out combinations with the base and
 * with an adapter, reads them with the scorer, and compares. The aims for the figures are in the
 * benchmarks.
 */
package dev.polyptych.nano.evaluate;
