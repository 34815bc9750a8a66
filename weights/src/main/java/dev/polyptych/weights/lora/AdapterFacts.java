package dev.polyptych.weights.lora;

/**
 * What a check tells of an adapter's file.
 *
 * @param sha256 of the whole file, in hexadecimal
 * @param bytes length of the file
 * @param rank the largest of its changes
 * @param modules layers and norms that it changes; without the model, the layers that the file
 *     names
 */
public record AdapterFacts(String sha256, long bytes, int rank, int modules) {}
