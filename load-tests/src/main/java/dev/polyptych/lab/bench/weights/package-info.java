/**
 * {@code polyptych bench weights}: what narrower weights change of the sheets, and what they take
 * of time and memory.
 */
package dev.polyptych.lab.bench.weights;
