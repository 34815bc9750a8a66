/**
 * The networks as TorchScript. Their source text lies under {@code src/main/torchscript}; it is
 * packed into an archive in memory and run by DJL's PyTorch engine. Weights are arguments, so one
 * graph serves every model size, compute type and adapter. Everything here belongs to one thread,
 * the render thread.
 */
package dev.polyptych.engine.graph;
