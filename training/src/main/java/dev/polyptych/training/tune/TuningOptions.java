package dev.polyptych.training.tune;

import java.util.List;

/**
 * Hyperparameters of a tuning. The command's defaults come from config/movie-shots.yml of the
 * In-Context LoRA authors.
 *
 * @param rank rank of every pair of matrices
 * @param steps optimizer steps of the whole run
 * @param batch sets in each step
 * @param learningRate peak learning rate
 * @param seed seed of noise, timesteps, initial weights, order and choice of sets
 * @param timestepShifts shifts of the noise levels, applied to the sets of a step in turn; a shift
 *     above 1 moves them to the noisy end, where colours and composition are decided; like a
 *     sampler's shift (Esser et al. 2024, arXiv 2403.03206)
 * @param captionDropout share of the sets that get an empty caption, 0 to 1
 * @param cleanPanels share of the sheets on which one to all but one of the panels have no noise
 *     and no loss, 0 to 1; so the adapter learns to draw around references that lead
 * @param emaDecay decay of the moving average of the weights; the average becomes the adapter; 0:
 *     the last weights become the adapter
 */
public record TuningOptions(
    int rank,
    int steps,
    int batch,
    double learningRate,
    long seed,
    List<Double> timestepShifts,
    double captionDropout,
    double cleanPanels,
    double emaDecay) {
  public TuningOptions {
    timestepShifts = List.copyOf(timestepShifts);
    if (timestepShifts.isEmpty()) {
      throw new IllegalArgumentException("timestepShifts must not be empty");
    }
  }
}
