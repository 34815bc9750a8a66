/**
 * The network as TorchScript: its source text lies under {@code src/main/torchscript}, is packed
 * into an archive in memory and run through DJL's PyTorch engine. Weights are arguments, so one
 * graph serves every model size, compute type and adapter. All of it belongs to one thread, the
 * render thread.
 */
package dev.polyptych.engine.graph;
