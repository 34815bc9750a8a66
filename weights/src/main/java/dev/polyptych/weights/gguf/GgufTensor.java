package dev.polyptych.weights.gguf;

import dev.polyptych.weights.safetensors.TensorEntry;

/**
 * One tensor of a file.
 *
 * @param entry its place is counted from the begin of the data, its type is that of decoded values
 * @param type as it is stored
 */
record GgufTensor(TensorEntry entry, GgufType type) {}
