package dev.polyptych.training;

/**
 * Numbers of one AdamW step.
 *
 * @param learningRate of this step
 * @param weightDecay decoupled from the gradient
 * @param clip the greatest norm that the gradient keeps
 * @param average share of the old value in the parameters' moving average
 */
public record Rates(double learningRate, double weightDecay, double clip, double average) {}
