/** Measures the time until {@code up} and a worker are ready, and until their first step. */
package dev.polyptych.lab.bench.startup;
