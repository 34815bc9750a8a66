package dev.polyptych.policy.schedule;

/**
 * A waiting job that another worker gets.
 *
 * @param partition of the job's lane, owned by that worker
 */
public record Move<J>(J job, int partition) {}
