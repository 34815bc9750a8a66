package dev.polyptych.nano.train;

import dev.polyptych.training.LearningRate;
import dev.polyptych.training.Rates;

/**
 * How one network is trained.
 *
 * @param learningRate its course, and with it the number of steps
 * @param average share of the old value in the moving average that is kept in the end
 */
public record TrainingPlan(
    LearningRate learningRate, double weightDecay, double clip, double average) {
  /** The rates of a step. */
  Rates rates(int step) {
    // A young average would be mostly the random start: it follows faster at first.
    double young = (1.0 + step) / (10.0 + step);
    return new Rates(learningRate.at(step), weightDecay, clip, Math.min(average, young));
  }
}
