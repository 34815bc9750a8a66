package dev.polyptych.weights.lora;

import java.util.OptionalDouble;

/**
 * The keys of a file that add to one layer, or to several stacked ones.
 *
 * @param down key of A, (rank x inputs)
 * @param up key of B, (outputs x rank)
 * @param alpha the pair counts alpha / rank times; once where absent
 */
record LowRankPair(LayerNames.Target target, String down, String up, OptionalDouble alpha) {}
