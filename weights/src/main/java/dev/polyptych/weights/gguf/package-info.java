/**
 * Tensors of GGUF files (github.com/ggml-org/ggml, docs/gguf.md): a strict, memory-mapped reader.
 * Blocks are decoded when a tensor is read. Files are untrusted: the whole header is checked before
 * any data is mapped.
 */
package dev.polyptych.weights.gguf;
