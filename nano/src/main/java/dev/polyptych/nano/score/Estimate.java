package dev.polyptych.nano.score;

/**
 * A figure with its 95 % confidence interval.
 *
 * @param low lower end of the interval
 * @param high upper end
 */
public record Estimate(double value, double low, double high) {}
