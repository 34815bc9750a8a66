package dev.polyptych.training.tune;

import java.util.List;

/**
 * How an adapter is trained. The command's defaults are those of the In-Context LoRA authors'
 * config/movie-shots.yml.
 *
 * @param rank of every pair of matrices
 * @param steps of the optimiser, in all
 * @param batch sets a step
 * @param learningRate at its highest
 * @param seed of noise, timesteps, initial weights, order and choice of sets
 * @param timestepShifts move the noise levels that are learnt at, the sets of a step in turn: above
 *     1 to the noisy end, where colours and composition are settled; as a sampler's shift (Esser et
 *     al. 2024)
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
    List<Double> timestepShifts,
    double captionDropout,
    double emaDecay) {
  public TuningOptions {
    timestepShifts = List.copyOf(timestepShifts);
    if (timestepShifts.isEmpty()) {
      throw new IllegalArgumentException("there must be a timestep shift");
    }
  }
}
