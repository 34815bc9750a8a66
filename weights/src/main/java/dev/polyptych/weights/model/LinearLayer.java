package dev.polyptych.weights.model;

/**
 * A linear layer of the transformer: what an adapter may add to.
 *
 * @param module its name in the model folder without {@code .weight}
 */
public record LinearLayer(String module, long inputs, long outputs) {}
