package dev.polyptych.policy.schedule;

import dev.polyptych.schema.job.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A waiting job by its number; time is counted in decisions, a second each.
 *
 * @param arrived number of the decision before which it came
 */
record Waiting(
    int number, String adapter, Lane lane, String tenant, int arrived, Optional<Instant> startBy)
    implements WaitingJob {
  static Instant at(int decision) {
    return Instant.EPOCH.plus(Duration.ofSeconds(decision));
  }

  static Waiting of(int number, String adapter, Lane lane, int arrived) {
    return new Waiting(number, adapter, lane, "t", arrived, Optional.empty());
  }

  Waiting of(String other) {
    return new Waiting(number, adapter, lane, other, arrived, startBy);
  }

  @Override
  public Instant arrivedAt() {
    return at(arrived);
  }
}
