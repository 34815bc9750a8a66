package dev.polyptych.training;

/**
 * The course of a learning rate: up in a straight line, level, and down in a straight line to a
 * hundredth ("warm-up, stable, decay", Hu et al. 2024). As long as it is level, a training can be
 * made longer.
 *
 * @param peak the level
 * @param warmUp steps up
 * @param steps of the whole training
 * @param decay share of the steps that goes down, 0 to 1
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
