package dev.polyptych.worker.adapter;

import java.util.OptionalDouble;

/**
 * The tensors of a file that add to one linear layer.
 *
 * @param module the layer's name in the model folder
 * @param down key of A, (rank x inputs)
 * @param up key of B, (outputs x rank)
 * @param alpha the pair counts alpha / rank times; once where absent
 */
record LowRankPair(String module, String down, String up, OptionalDouble alpha) {}
