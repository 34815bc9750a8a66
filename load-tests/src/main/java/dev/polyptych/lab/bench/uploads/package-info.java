/** Hostile pictures from a seed, and what it costs a dispatcher to refuse them. */
package dev.polyptych.lab.bench.uploads;
