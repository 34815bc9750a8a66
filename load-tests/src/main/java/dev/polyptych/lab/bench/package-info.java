/**
 * What all benchmarks of {@code polyptych bench} share: reports, order statistics, example jobs.
 * The larger benchmarks have packages of their own below.
 */
package dev.polyptych.lab.bench;
