package dev.polyptych.weights.lora;

import dev.polyptych.weights.model.LinearLayer;

/**
 * What is added to one layer: factor * up * down.
 *
 * @param down A, (rank x inputs)
 * @param up B, (outputs x rank)
 * @param factor alpha / rank
 */
public record HostPair(LinearLayer layer, Matrix down, Matrix up, double factor) {
  int rank() {
    return down.rows();
  }
}
