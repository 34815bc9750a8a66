/**
 * Adapters by tier: files, host memory, device as a branch, device merged. {@link
 * dev.polyptych.engine.adapter.AdapterUse} decides what the next run draws with. The base is never
 * written.
 */
package dev.polyptych.engine.adapter;
