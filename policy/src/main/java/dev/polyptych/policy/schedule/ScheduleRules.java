package dev.polyptych.policy.schedule;

import java.time.Duration;

/**
 * The schedule's parameters.
 *
 * @param streakQuantum after a swap, so many jobs of the warm adapter go before all others, while
 *     no costs are measured. With measured costs the streak ends when its jobs have paid for the
 *     swap
 * @param ageLimit a job that has waited so long goes next after the streak
 * @param batchEvery batch is due after so many interactive jobs. So about 1 job in {@code
 *     batchEvery + 1} is batch under any interactive load
 */
public record ScheduleRules(int streakQuantum, Duration ageLimit, int batchEvery) {
  /** For swaps of 0.4 renders. A person waits a minute. A fifth for batch. */
  public static final ScheduleRules DEFAULT = new ScheduleRules(4, Duration.ofSeconds(60), 4);

  public ScheduleRules {
    if (streakQuantum < 1 || batchEvery < 1 || ageLimit.isNegative() || ageLimit.isZero()) {
      throw new IllegalArgumentException("schedule rules must be positive");
    }
  }
}
