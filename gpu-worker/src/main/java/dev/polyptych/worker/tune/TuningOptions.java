package dev.polyptych.worker.tune;

/**
 * How an adapter is trained. The command's defaults are those of the In-Context LoRA authors'
 * config/movie-shots.yml.
 *
 * @param rank of every pair of matrices
 * @param steps of the optimiser, in all
 * @param batch sets a step
 * @param learningRate at its highest
 * @param seed of noise, timesteps, initial weights, order and choice of sets
 * @param timestepShift moves the noise levels that are learnt at: above 1 to the noisy end, where
 *     colours and composition are settled; as a sampler's shift (Esser et al. 2024)
 * @param captionDropout share of the sets that are shown with an empty caption
 * @param emaDecay of the moving average of the weights that is the adapter in the end; 0: the last
 *     weights themselves
 */
public record TuningOptions(
    int rank,
    int steps,
    int batch,
    double learningRate,
    long seed,
    double timestepShift,
    double captionDropout,
    double emaDecay) {}
