/**
 * {@code polyptych bench memory}: what a model of any size takes of memory, with random weights
 * that are made while they are loaded.
 */
package dev.polyptych.lab.bench.memory;
