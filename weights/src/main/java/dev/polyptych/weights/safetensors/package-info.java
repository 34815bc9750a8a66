/**
 * Tensors on disk: a strict, memory-mapped reader and a writer of the safetensors format
 * (github.com/huggingface/safetensors, README "Format"). A file is foreign bytes: nothing is
 * allocated, mapped or believed before its header has been checked as a whole. Knows no DJL.
 */
package dev.polyptych.weights.safetensors;
