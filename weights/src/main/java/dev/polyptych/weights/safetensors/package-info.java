/**
 * Tensors on disk ({@link dev.polyptych.weights.safetensors.TensorFile}): a strict, memory-mapped
 * reader and a writer of the safetensors format (github.com/huggingface/safetensors, README
 * "Format"). Files are untrusted: the whole header is checked before any data is allocated or
 * mapped.
 */
package dev.polyptych.weights.safetensors;
