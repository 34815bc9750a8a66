package dev.polyptych.weights.model;

/**
 * A linear layer of the transformer. A LoRA may change its weight, (outputs x inputs).
 *
 * @param module its name in the model folder, without {@code .weight}
 */
public record LinearLayer(String module, long inputs, long outputs) {}
