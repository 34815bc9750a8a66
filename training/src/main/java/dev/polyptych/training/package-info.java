/**
 * What all training shares: parameters with the state of their optimizer, checkpoints, the learning
 * rate's course. A training step is one call of a TorchScript graph: loss, gradients and AdamW.
 */
package dev.polyptych.training;
