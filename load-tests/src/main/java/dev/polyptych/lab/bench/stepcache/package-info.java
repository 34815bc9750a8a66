/**
 * {@code polyptych bench step-cache}: what step caches gain in seconds and lose in likeness, on
 * sheets drawn with and without them in turns.
 */
package dev.polyptych.lab.bench.stepcache;
