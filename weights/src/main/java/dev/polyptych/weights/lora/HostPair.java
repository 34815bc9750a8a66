package dev.polyptych.weights.lora;

import dev.polyptych.weights.model.LinearLayer;

/**
 * What a LoRA adds to the weight of one linear layer: {@code factor * up * down} (Hu et al. 2021,
 * arXiv 2106.09685, section 4.1).
 *
 * @param down A, (rank x inputs)
 * @param up B, (outputs x rank)
 * @param factor alpha / rank
 */
public record HostPair(LinearLayer layer, Matrix down, Matrix up, double factor) {
  /** Whether it adds nothing. */
  boolean idle() {
    return factor == 0 || up.zero() || down.zero();
  }

  int rank() {
    return down.rows();
  }
}
