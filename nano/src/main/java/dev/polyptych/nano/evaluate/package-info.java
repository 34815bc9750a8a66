/**
 * Measures what task adapters do: renders sets of held-out combinations with the base and with an
 * adapter, reads them with the scorer, and compares. What the figures should be stands with the
 * benchmarks.
 */
package dev.polyptych.nano.evaluate;
