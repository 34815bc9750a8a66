/**
 * Tuning: makes a task's adapter from captioned panel sets. Reads and checks the sets, runs the
 * training step by step with checkpoints and a loss curve, and writes the adapter and its catalog
 * entry. How a step is computed is behind {@link dev.polyptych.worker.tune.AdapterTrainer}.
 */
package dev.polyptych.training.tune;
