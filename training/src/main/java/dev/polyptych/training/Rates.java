package dev.polyptych.training;

/**
 * The parameters of one AdamW step (Loshchilov, Hutter 2019, arXiv 1711.05101).
 *
 * @param learningRate learning rate of this step
 * @param weightDecay decoupled from the gradient
 * @param clip upper limit of the gradient's norm
 * @param average share of the old value in the moving average of the parameters, 0 to 1
 */
public record Rates(double learningRate, double weightDecay, double clip, double average) {}
