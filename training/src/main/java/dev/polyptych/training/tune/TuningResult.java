package dev.polyptych.training.tune;

import java.util.OptionalDouble;

/**
 * How a run ended.
 *
 * @param finished whether the adapter is written; else a checkpoint is, if any step was done
 * @param steps done in all
 * @param loss smoothed; empty before the first step
 * @param validation the last one measured
 */
public record TuningResult(
    boolean finished, int steps, OptionalDouble loss, OptionalDouble validation) {}
