package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.job.JobRequest;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether a panel can be drawn again. */
public sealed interface Reroll {
  /**
   * How to draw it.
   *
   * @param seed empty for a random seed
   * @param prompt the panel's text; empty to keep the old text
   */
  record Wish(OptionalLong seed, Optional<String> prompt) {}

  /** The request of the new job. */
  record Ready(JobRequest request) implements Reroll {}

  /** The other panels would exceed the bytes that the tenant's pictures may take. */
  record Limited(LimitHit limit) implements Reroll {}

  record Refused(ErrorCode code, String detail) implements Reroll {}
}
