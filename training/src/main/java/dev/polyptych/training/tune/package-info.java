/**
 * Tuning: makes a task's adapter from captioned panel sets. Reads and checks the sets, runs the
 * training with checkpoints and a loss curve, and writes the adapter and its catalog entry. {@link
 * dev.polyptych.training.tune.AdapterTrainer} hides how a step is computed.
 */
package dev.polyptych.training.tune;
