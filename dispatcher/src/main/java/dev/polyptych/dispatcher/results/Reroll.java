package dev.polyptych.dispatcher.results;

import dev.polyptych.schema.error.ErrorCode;
import dev.polyptych.schema.error.LimitHit;
import dev.polyptych.schema.job.JobRequest;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether a panel can be drawn anew. */
public sealed interface Reroll {
  /**
   * How it is to be drawn.
   *
   * @param seed empty for any
   * @param prompt the panel's text; empty for the one it had
   */
  record Wish(OptionalLong seed, Optional<String> prompt) {}

  /** The request of the new job. */
  record Ready(JobRequest request) implements Reroll {}

  /** The other panels would take more bytes than the tenant's pictures may. */
  record Limited(LimitHit limit) implements Reroll {}

  record Refused(ErrorCode code, String detail) implements Reroll {}
}
