package dev.polyptych.training;

/**
 * A learning rate that rises linearly, stays level, and falls linearly to a hundredth ("warm-up,
 * stable, decay", Hu et al. 2024, arXiv 2404.06395). A training can be prolonged while the rate is
 * level.
 *
 * @param peak rate of the level part
 * @param warmUp number of rising steps
 * @param steps number of steps of the whole training
 * @param decay share of the steps in which the rate falls, 0 to 1
 */
public record LearningRate(double peak, int warmUp, int steps, double decay) {
  private static final double FLOOR = 0.01;

  /** A rate that stays level after its warm-up. */
  public static LearningRate level(double peak, int warmUp, int steps) {
    return new LearningRate(peak, warmUp, steps, 0);
  }

  /** The rate of a step, counted from 0. */
  public double at(int step) {
    double up = Math.min(1, (step + 1.0) / Math.max(1, warmUp));
    double left = decay == 0 ? 1 : (steps - step) / (decay * steps);
    return peak * up * Math.clamp(left, FLOOR, 1);
  }
}
