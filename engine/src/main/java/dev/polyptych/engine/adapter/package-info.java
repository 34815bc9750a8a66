/**
 * Adapters by tier: files, host memory, device as a branch, device merged. {@link
 * dev.polyptych.engine.adapter.AdapterUse} decides what the next run draws with: a set of adapters,
 * each at its scale. The base is never written.
 */
package dev.polyptych.engine.adapter;
