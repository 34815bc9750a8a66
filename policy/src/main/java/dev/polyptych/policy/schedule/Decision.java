package dev.polyptych.policy.schedule;

/**
 * What to do next.
 *
 * @param <J> the caller's type of job
 */
public sealed interface Decision<J> {
  /** Render a job of the warm adapter. */
  record Render<J>(J job) implements Decision<J> {}

  /** Make the job's adapter warm, then render it. */
  record SwapAndRender<J>(J job) implements Decision<J> {}

  /** End a job whose deadline has passed. It gets no GPU time. */
  record Expire<J>(J job) implements Decision<J> {}

  /** Nothing waits. */
  record Nothing<J>() implements Decision<J> {}
}
