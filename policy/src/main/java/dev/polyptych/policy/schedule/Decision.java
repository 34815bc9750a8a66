package dev.polyptych.policy.schedule;

/**
 * What to do next.
 *
 * @param <J> the job as its keeper knows it
 */
public sealed interface Decision<J> {
  /** Render a job of the warm adapter. */
  record Render<J>(J job) implements Decision<J> {}

  /** Make the job's adapter warm, then render it. */
  record SwapAndRender<J>(J job) implements Decision<J> {}

  /** Settle a job whose deadline has passed; no GPU time is spent on it. */
  record Expire<J>(J job) implements Decision<J> {}

  /** Nothing waits. */
  record Nothing<J>() implements Decision<J> {}
}
