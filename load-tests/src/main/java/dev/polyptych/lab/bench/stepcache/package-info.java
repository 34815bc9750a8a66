/**
 * {@code polyptych bench step-cache}: measures the seconds that step caches save and the likeness
 * that they lose, on sheets drawn with and without them in turns.
 */
package dev.polyptych.lab.bench.stepcache;
