/**
 * The shared parts of all trainings: parameters with optimizer state, checkpoints, learning rates
 * and loss curves. A training step is one call of a TorchScript graph that computes loss, gradients
 * and the AdamW update.
 */
package dev.polyptych.training;
